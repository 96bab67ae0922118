import type { Canvas } from "./canvas.ts";
import { MARK_MEANINGS } from "./live-words.ts";
import { BACKBONES, SIZE } from "./look.ts";
import { ipv6Start } from "./short-address.ts";
import { textWidth } from "./text-metrics.ts";
import type { Subject } from "./subject.ts";

/** Title, block and legend above a picture. */
export const HEADING_HEIGHT = 66;

export function drawHeading(canvas: Canvas, { plan, live }: Subject, title: string): void {
  const line = (id: string, y: number, text: string, size: number, bold = false): void =>
    canvas.text(id, { x: 0, y }, text, size, textWidth(text, size, bold), bold);
  line("title", 8, title, SIZE.title, true);
  const block = `${plan.block.ipv4}, ${plan.block.ipv6}`;
  const seen =
    live === undefined ? "as planned, without live state" : `as it was at ${live.observedAt}`;
  line("remark", 26, `Block ${block}; … stands for ${ipv6Start(plan)}; ${seen}`, SIZE.text);
  let x = 0;
  const y = 46;
  for (const [index, sample] of SAMPLES.entries()) {
    const ends = [`sample ${index} from`, `sample ${index} to`] as const;
    canvas.junction(ends[0], { x: x + 3, y }, BACKBONES[0].line);
    canvas.text(
      ends[1],
      { x: x + 40, y },
      sample.text,
      SIZE.text,
      textWidth(sample.text, SIZE.text),
    );
    const style = { colour: BACKBONES[0].line, width: 2.4, dashed: sample.dashed };
    canvas.line(
      ends[0],
      ends[1],
      [
        { x: x + 3, y },
        { x: x + 36, y },
      ],
      style,
    );
    x += 40 + textWidth(sample.text, SIZE.text) + 14;
  }
  const signs = live === undefined ? [] : MARK_MEANINGS;
  for (const { mark, meaning } of signs) {
    const width = textWidth(meaning, SIZE.text);
    canvas.sign(`sign ${mark.level}`, { x, y }, mark);
    canvas.text(`sign ${mark.level} means`, { x: x + 22, y }, meaning, SIZE.text, width);
    x += 22 + width + 14;
  }
  if (live === undefined) return;
  const note = "a line in the colour of its sign is that router's session";
  canvas.text("sign note", { x, y }, note, SIZE.text, textWidth(note, SIZE.text));
}

const SAMPLES = [
  { text: "fiber", dashed: false },
  { text: "radio", dashed: true },
] as const;
