import { cursorleak } from './index.ts'

// What `require()` gets is the plugin itself, for `chai.use(require('cursorleak/chai'))`; the two names are for what
// compilers make of an `import`, with esModuleInterop and without.
export default Object.assign(cursorleak, { cursorleak, default: cursorleak })
