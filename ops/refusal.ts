/** Something that the user can put right: its message is shown without a stack trace. */
export class Refusal extends Error {}
