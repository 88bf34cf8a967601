/** A QR code as an address for `<img src>`: our policy allows pictures of that kind, and no file has to be kept. */
export async function qrPicture(text: string): Promise<string> {
  const { default: qrcode } = await import('qrcode');
  const svg = await qrcode.toString(text, { type: 'svg', margin: 1 });
  return `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`;
}
