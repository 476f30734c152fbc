/**
 * Runs a client with the arguments of the program: the URL of the server, the session and the text. Prints a line of JSON for
 * each piece of the answer, and at the end whether it was whole, or why not.
 */
export async function printed(ask) {
  const [url, session, text] = process.argv.slice(2);
  const print = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);
  try {
    await ask({ url, session, text }, (piece) => print({ piece }));
    print({ end: 'whole' });
  } catch (error) {
    print({ end: 'failed', error: `${error.message} ${error.cause?.message ?? ''}` });
  }
  process.exit();
}
