import type { Contact } from './gen/Contact';

/** A way to reach somebody, as it is read: the address, the number, or how. */
export function contactWords(contact: Contact): string {
  switch (contact.kind) {
    case 'email':
      return contact.address;
    case 'phone':
      return contact.number;
    case 'other':
      return contact.how;
  }
}
