// `cursorleak/jest-globals` brings types; the matchers themselves come with the setup file.
export {}
