import qrcode from 'qrcode-generator';
import { html } from './html.ts';
import type { Html } from './html.ts';

/** Modules of white around the code, without which scanners do not find it (ISO/IEC 18004, 9.1). */
const QUIET = 4;

/** A QR code as SVG, one path of runs: dark on white in any scheme, as scanners want it. `label` says what it is. */
export function qrCode(text: string, label: string): Html {
  const code = qrcode(0, 'M');
  code.addData(text, 'Byte');
  code.make();
  const count = code.getModuleCount();
  const side = count + 2 * QUIET;
  let path = '';
  for (let row = 0; row < count; row += 1) {
    for (let from = 0; from < count; from += 1) {
      if (!code.isDark(row, from)) continue;
      let to = from;
      while (to < count && code.isDark(row, to)) to += 1;
      path += `M${String(from + QUIET)} ${String(row + QUIET)}.5h${String(to - from)}`;
      from = to;
    }
  }
  return html`<svg class="qr" role="img" aria-label="${label}" viewBox="0 0 ${side} ${side}" shape-rendering="crispEdges"><rect width="${side}" height="${side}" fill="#fff"/><path d="${path}" stroke="#000"/></svg>`;
}
