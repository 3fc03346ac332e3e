// Vitest's browser mode has neither a driver nor async contexts: the setup file is empty there.
export {}
