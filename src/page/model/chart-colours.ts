/** Colours of the canvas, which reads no style sheet. */
export interface ChartColours {
  readonly text: string;
  readonly line: string;
  readonly live: string;
  readonly cold: string;
  readonly other: string;
  readonly onBar: string;
  readonly shut: string;
  readonly frozen: string;
  readonly carried: string;
  readonly ground: string;
}

export function chartColours(dark: boolean): ChartColours {
  return dark
    ? {
        text: '#c5cbd3',
        line: '#3a424c',
        live: '#5b9bd5',
        cold: '#e0a048',
        other: '#9aa3ad',
        onBar: '#10151b',
        shut: '#2a2f36',
        frozen: '#2d2a3d',
        carried: '#7fb38f',
        ground: '#1b2026',
      }
    : {
        text: '#3b444e',
        line: '#d5dae0',
        live: '#2f6ea8',
        cold: '#b0681a',
        other: '#6b7580',
        onBar: '#ffffff',
        shut: '#e9ebee',
        frozen: '#f1edfa',
        carried: '#3d7a52',
        ground: '#ffffff',
      };
}
