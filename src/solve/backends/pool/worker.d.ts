/** The one name of the DOM library that the type declarations of `tinypool` use; this project compiles without it. */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type -- an opaque handle; merges with other declarations
interface Worker {}
