/** Hands a text to the person as a file to save. */
export function saveText(text: string, name: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: 'application/octet-stream' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The download has begun once the click returns; a second later nothing needs the address any more.
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}
