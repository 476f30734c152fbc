// Takes the pictures of the chat page in docs/screenshots: a real gateway, and a model that speaks as written here.
import { fileURLToPath } from 'node:url';
import { OpenPage } from './live/browser.ts';
import { Chatter } from './live/chatter.ts';
import { SpokenModel } from './live/spoken-model.ts';
import { Testbed } from './live/testbed.ts';

const FOLDER = fileURLToPath(new URL('../../../docs/screenshots/', import.meta.url));
const SIZES = [
  [1_280, 900],
  [360, 740],
] as const;

const ANSWER = `Three steps, about **ten minutes**:

1. Back up the home: \`hermes-gateway backup\`
2. Drain, and wait until it is safe to stop
3. Update the image and cancel the drain

\`\`\`sh
drainctl begin --reason "new image" && drainctl wait --deadline 10m
\`\`\`

| gateway | turns now |
| --- | --- |
| default | 2 |
| support | 0 |`;

await using model = await SpokenModel.start();
await using testbed = await Testbed.start({ agent: model.agent });
await using browser = await OpenPage.open(1_280);
const { page } = browser;
const chatter = new Chatter(page);
await chatter.follow(testbed.gateway.url);
await chatter.say('How do we update the gateways on Friday?');
await model.isAsked(1);
model.end(ANSWER);
await chatter.sees('answer', 'support');
await chatter.say('Which turns run on default?');
await model.isAsked(2);
model.say('Two: `nightly-report` since 09:40, and ');
await chatter.sees('answer', 'and');
await chatter.say('And tell me when they have ended');
await chatter.sees('fate', 'In the queue');
await take('chat');
await testbed.client.beginDrain({ reason: 'New image 2026.11' });
await chatter.sees('banner', 'Draining');
await chatter.say('One more thing');
await chatter.sees('outcome', 'Not sent');
await take('chat-draining');
model.end('this one.');

async function take(name: string): Promise<void> {
  for (const [width, height] of SIZES) {
    await page.setViewportSize({ width, height });
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
      await page.screenshot({ path: `${FOLDER}${name}-${width}-${colorScheme}.png` });
    }
  }
}
