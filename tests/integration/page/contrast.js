// Returns the texts whose contrast with their background is below 4.5.
() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const pixel = (color) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const luminance = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((v) => v / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const background = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const found = pixel(getComputedStyle(at).backgroundColor);
      if (found[3] === 255) return found;
    }
    return [255, 255, 255];
  };
  const ratio = (element) => {
    const values = [pixel(getComputedStyle(element).color), background(element)].map(luminance);
    return (Math.max(...values) + 0.05) / (Math.min(...values) + 0.05);
  };
  const hasText = (element) => [...element.childNodes].some((one) => one.nodeType === 3 && one.data.trim());
  return [...document.querySelectorAll("body *:not(script)")]
    .filter((element) => hasText(element) && element.checkVisibility() && ratio(element) < 4.5)
    .map((element) => `${ratio(element).toFixed(2)}: ${element.innerText.slice(0, 60)}`);
}
