import mongoose from 'mongoose'
import { otherStates } from './states.ts'

otherStates(mongoose, 9)
