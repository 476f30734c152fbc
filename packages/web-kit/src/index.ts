export { Brand } from './brand.tsx';
export { Login, type LoginProps } from './login.tsx';
export { Modal, type ModalProps } from './modal.tsx';
export { TabSecret } from './tab-secret.ts';
