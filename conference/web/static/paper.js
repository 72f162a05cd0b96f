// Looks again each two seconds while a worker makes the file; the page's link does the same without a script.
const EACH_MS = 2000;
setTimeout(() => location.reload(), EACH_MS);
