// Only a Jest that knows no `exports` of a package looks here: 27 and older.
const message =
  'cursorleak: this Jest is older than 28, and cursorleak/jest is for Jest 28 to 30: update it, or take our line out'
const error = new Error(message)
error.name = 'CursorLeakSetupError'
error.stack = `${error.name}: ${message}`
throw error
