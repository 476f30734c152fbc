/**
 * The `config.yaml` of a new home: prose begins with `# `, and each setting is a line that works without its `#`, below
 * the line of its section. A value is the default unless its line says that it is an example.
 */
export const CONFIG_TEMPLATE = `# Settings of hermes-gateway. Remove the # before a setting and before the line of its section to change it.
# All keys: docs/reference/configuration.md. To check this file: hermes-gateway doctor

# Where the gateway listens. Any address but loopback needs a key that clients send. Set it in the variable
# API_SERVER_KEY, or in a file that API_SERVER_KEY_FILE names, instead of in this file: openssl rand -base64 32
#api_server:
#  host: 127.0.0.1
#  port: 8642
#  max_body_mib: 20
#  allowed_hosts: [gateway.example.com] # example: further host names for routes that need no key
#  trusted_proxies: [10.0.0.7] # example: proxies whose X-Forwarded-For is trusted
#  cors_origins: [https://chat.example.com] # example: origins whose web pages may use the API

# The agent that answers. Use one of these sections.
#agent:
#  kind: echo
#  delay_ms: 0

#agent:
#  kind: command # example: a program for each turn: the message on stdin, the reply on stdout
#  command: [my-agent, --quiet] # example
#  timeout: 3600
#  max_output: 1048576
#  kill_after: 5
#  environment: [PATH, HOME, LANG, LC_ALL, TZ, TMPDIR]
#  mode: session # example: a process for each session, by the protocol of lines
#  idle_timeout: 600
#  max_processes: 8
#  isolation: auto # example: run it in a sandbox if bwrap works; HERMES_AGENT_ISOLATION decides if left out
#  network: true
#  readable: []
#  writable: []
#  replay: true # example: a turn that a crash interrupted may run again

#agent:
#  kind: openai # example: any OpenAI-compatible server
#  base_url: https://api.example.com/v1 # example
#  model: my-model # example
#  key_env: MODEL_API_KEY # example: the variable that holds the key, not the key
#  system: You are helpful. # example
#  timeout: 600
#  stall_timeout: 300
#  max_retries: 3

# Seconds that a stop waits for running turns.
#restart_drain_timeout: 30

# Seconds that each step of a start retries a temporary failure, such as a port in use.
#start_timeout: 60

# How much of a session an agent gets with each message, unless it keeps a history itself.
#history:
#  turns: 50
#  max_chars: 200000

# Where turns are kept: in a file of this home (sqlite), or in a database that several gateways share (postgres).
#journal:
#  kind: sqlite

# Messages during a drain: refuse them, or queue them and answer them afterwards. With a shared journal, handover:
# another gateway answers them at once.
#on_drain: refuse

# A turn whose last waiting client disconnects: continue, or interrupt it.
#on_disconnect:
#  messages: continue
#  chat_completions: continue

# Seconds of silence after which a turn counts as stalled.
#stall_after: 300

# Days that ended turns and events are kept.
#retention_days: 7

# Where messages are sent that no other channel delivers.
#webhook:
#  url: https://receiver.example.com/hermes # example
#  secret_env: WEBHOOK_SECRET # example: the variable that holds the secret
#  timeout: 10

# A Telegram bot.
#telegram:
#  token_env: TELEGRAM_BOT_TOKEN # example: the variable that holds the token
#  api_root: https://api.telegram.org
#  allowed_chats: [123456789] # example: the only chats that are served; all if left out

# Sessions that are notified of every shutdown.
#home_channels: []

# Sessions whose users may drain, cancel and restart by commands in their chat.
#operators: []

#log_level: info
`;
