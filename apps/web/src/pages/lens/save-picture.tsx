/** A picture on the page as a file: SVG with its colours written into it, or PNG. */
import { Download } from "lucide-react";
import type { RefObject } from "react";
import { Button } from "../../ui/button.tsx";

interface Props {
  /** Holds one svg or canvas. */
  of: RefObject<HTMLElement | null>;
  name: string;
}

export function SavePicture({ of, name }: Props) {
  const save = (): void => {
    const canvas = of.current?.querySelector("canvas") ?? (of.current instanceof HTMLCanvasElement ? of.current : null);
    const svg = of.current?.querySelector("svg");
    if (canvas) enlarged(canvas).toBlob((blob) => blob && download(blob, `${name}.png`));
    else if (svg) download(new Blob([standalone(svg)], { type: "image/svg+xml" }), `${name}.svg`);
  };
  return (
    <Button size="sm" variant="ghost" className="justify-self-start" onClick={save}>
      <Download /> Save this picture
    </Button>
  );
}

/** Side of a picture whose squares are a dot each, about. */
const SIDE = 1000;

function enlarged(canvas: HTMLCanvasElement): HTMLCanvasElement {
  const times = Math.max(1, Math.round(SIDE / canvas.width));
  const large = document.createElement("canvas");
  large.width = times * canvas.width;
  large.height = times * canvas.height;
  const context = large.getContext("2d");
  if (!context) return canvas;
  context.fillStyle = getComputedStyle(canvas).backgroundColor;
  context.fillRect(0, 0, large.width, large.height);
  context.imageSmoothingEnabled = false;
  context.drawImage(canvas, 0, 0, large.width, large.height);
  return large;
}

/** Outside the page there are no style sheets: what they say is written down. */
const WRITTEN = ["fill", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray", "font-size", "font-family"];

function standalone(svg: SVGSVGElement): string {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const [own, copies] = [svg.querySelectorAll("*"), copy.querySelectorAll("*")];
  for (const [n, element] of own.entries()) {
    const style = getComputedStyle(element);
    for (const property of WRITTEN) copies[n]?.setAttribute(property, style.getPropertyValue(property));
    copies[n]?.removeAttribute("class");
  }
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.setAttribute("viewBox", `0 0 ${svg.clientWidth} ${svg.clientHeight}`);
  const background = getComputedStyle(svg.parentElement ?? svg).backgroundColor;
  copy.setAttribute("style", `background:${background}`);
  return new XMLSerializer().serializeToString(copy);
}

function download(blob: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
