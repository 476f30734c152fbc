import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { lacking, runs, temporaryDirectory } from '@hermes/test-kit';
import { describe, expect, it } from 'vitest';
import { parseIsoDateTime } from '../time.ts';
import { drainRequestPath } from './path.ts';
import { writeDrainRequest } from './write.ts';

/** What the reference system's reader and writer do with the marker that stands at standard input. */
const PYTHON = `
import json, sys
from datetime import datetime, timezone
text = sys.stdin.buffer.read().decode('utf-8')
marker = json.loads(text)
when = datetime.fromisoformat(marker['requested_at'])
print(json.dumps({
    'same': json.dumps(marker, indent=2, ensure_ascii=False) == text,
    'keys': list(marker),
    'ms': when.timestamp() * 1000,
    'utc': when.utcoffset() == timezone.utc.utcoffset(None),
}))
`;

describe('a marker of ours', () => {
  it.skipIf(lacking('python3, to ask it about our markers', runs('python3', '--version')))(
    'is byte for byte what Python writes for it, and Python can read its time',
    async () => {
      const home = temporaryDirectory();
      const request = await writeDrainRequest({
        home,
        principal: 'ops "quoted" \\ / <b> \u007f',
        reason: 'Grüße, 世界 👋\u00a0\u200b',
        suppressNotification: true,
        maxAgeSeconds: 60.5,
      });
      const { stdout } = spawnSync('python3', ['-c', PYTHON], {
        input: readFileSync(drainRequestPath({ home })),
        encoding: 'utf8',
        timeout: 120_000,
      });
      expect(JSON.parse(stdout)).toEqual({
        same: true,
        keys: Object.keys(request),
        ms: parseIsoDateTime(request.requested_at),
        utc: true,
      });
    },
  );
});
