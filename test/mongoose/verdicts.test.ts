import mongoose from 'mongoose'
import { everyConstruct } from './suite.ts'

// All of them over few documents; over many, the ones that leak. The matrix runs the rest, and the other majors.
everyConstruct(mongoose, 9, { version: '9.12', selected: (leaks, amount) => leaks || amount === 'few' })
