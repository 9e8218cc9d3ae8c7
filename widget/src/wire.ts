/** The shapes of the public wire (see the API reference); only what the widget reads. */

export interface Money {
  amount: number;
  currency: string;
}

export interface Choice {
  label: string;
  send: string;
}

export interface ServiceOffer {
  service: string;
  label: string;
  description?: string | null;
  durationMinutes: number | null;
  wholeDay: boolean;
  price: Money | null;
  send: string;
}

export interface Slot {
  slotId: string;
  time: string | null;
  label: string;
  resource: string | null;
  send: string;
}

export interface SlotDay {
  date: string;
  label: string;
  slots: Slot[];
}

export interface Booking {
  bookingId: string;
  code: string;
  status: string;
  service: string | null;
  label: string | null;
  date: string;
  time: string | null;
  timezone: string;
  durationMinutes: number | null;
  startsAt: string;
  endsAt: string;
  resource: string | null;
  price: Money | null;
  due?: Money | null;
  holdExpiresAt?: string | null;
  payUrl?: string | null;
  manageUrl?: string | null;
  customer?: { name: string; email: string } | null;
}

export interface Receipt {
  receiptId: string;
  kind: string;
  at: string;
  title: string;
  lines: string[];
}

export type Card =
  | { kind: "services"; services: ServiceOffer[] }
  | { kind: "slots"; service: string; label: string; timezone: string; days: SlotDay[] }
  | { kind: "booking"; booking: Booking }
  | { kind: "bookings"; bookings: Booking[] }
  | { kind: "receipt"; receipt: Receipt; booking: Booking | null }
  | PaymentCard;

/** What its booking says is newer. */
export interface PaymentCard {
  kind: "payment";
  status: "open" | "paid" | "expired";
  amount: Money | null;
  payUrl: string | null;
  expiresAt: string | null;
  booking: Booking;
}

export type ProposalStatus = "pending" | "executed" | "rejected" | "expired" | "failed" | "superseded";

export interface Preview {
  title: string;
  label?: string;
  date?: string | null;
  time?: string | null;
  timezone?: string;
  durationMinutes?: number | null;
  price?: Money | null;
  policy?: string | null;
  customer?: { name: string; email: string } | null;
  lines?: string[];
}

export interface Proposal {
  proposalId: string;
  operation: string;
  previewHash: string;
  code: string | null;
  expiresAt: string;
  status?: ProposalStatus;
  preview: Preview;
}

/** A free time, local to the business. */
export interface SlotTime {
  slotId: string;
  date: string;
  time: string | null;
  resource: string | null;
}

export interface Rating {
  rating: number;
  comment: string | null;
}

export type Role = "customer" | "agent" | "staff" | "system";
export type HandledBy = "agent" | "staff";

export interface Message {
  messageId: string;
  role: Role;
  content: string;
  at?: string | null;
  /** Of a member of the team. */
  name?: string | null;
  clientMessageId?: string | null;
  cards?: Card[];
  choices?: Choice[];
  expects?: string[];
  turnId?: string | null;
}

export interface Business {
  name: string;
  timezone: string;
  locale: string;
  branding?: { color?: string | null; logoUrl?: string | null; greeting?: string | null } | null;
}

export interface SessionCreated {
  sessionId: string;
  sessionToken: string;
  business: Business;
  message: Partial<Message> & { messageId: string; content: string };
  choices?: Choice[];
}

export interface Snapshot {
  sessionId: string;
  business: Business;
  messages: Message[];
  proposal: Proposal | null;
  turn: { turnId: string; messageId: string; userMessageId?: string; status: string } | null;
  handledBy: HandledBy;
  staffName?: string | null;
  bookings?: Booking[];
  ended?: boolean;
  feedback?: { rating: Rating | null; thumbs: Record<string, "THUMBS_UP" | "THUMBS_DOWN">; ask: boolean };
  lastEventId: string | number | null;
}

export interface Done {
  type: "done";
  turnId: string;
  messageId: string | null;
  message: string;
  proposal?: Proposal | null;
  expects?: string[];
  choices?: Choice[];
  cards?: Card[];
  handledBy?: HandledBy;
  receipt?: Receipt | null;
  booking?: Booking | null;
}

export type TurnEvent =
  | { type: "turn"; turnId: string; messageId: string; userMessageId?: string }
  | { type: "chunk"; content: string }
  | { type: "reset"; reason?: string }
  | { type: "tool"; name: string; label: string; state: "started" | "finished" }
  | { type: "cards"; cards: Card[] }
  | { type: "proposal"; proposal: Proposal }
  | Done
  | { type: "error"; error: string; message: string };

export type FeedEvent =
  | { type: "message"; message: Message }
  | { type: "turn"; turnId: string; messageId: string; userMessageId?: string }
  | { type: "receipt"; receipt: Receipt; booking: Booking | null; proposalId?: string | null }
  | { type: "payment"; payment: PaymentCard }
  | { type: "proposal"; proposal: Proposal }
  | { type: "handoff"; handledBy: HandledBy; name?: string | null }
  | { type: "rating"; ask: boolean };

export interface Confirmed {
  receipt: Receipt;
  message: string;
  messageId: string;
  booking: Booking | null;
  cards?: Card[];
  choices?: Choice[];
  expects?: string[];
}
