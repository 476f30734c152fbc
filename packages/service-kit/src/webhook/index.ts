export { type SendResult, WebhookSender, type WebhookSenderOptions } from './sender.ts';
