/** Names that harm a page which takes one of them for markup, or lets its marks of direction out. */
export const hostileNames = {
  host: '<script>document.title="taken"</script>',
  otherHost: '"\'><img src=x onerror="document.title=1">&amp;',
  server: '\u202Egnp.exe\u202C \u2067\u200f \u2066 end \u05e9\u05dc\u05d5\u05dd',
  otherServer: `long-${'0123456789'.repeat(29)}-tail`,
} as const;
