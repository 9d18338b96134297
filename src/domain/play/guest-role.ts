/** What is told of somebody who plays as a guest, beside the events that the app tells once the guest is a member. */
export const PLAY_HAPPENINGS = ['play_began', 'play_reached_value', 'play_finished', 'play_again'] as const;
export type PlayHappening = (typeof PLAY_HAPPENINGS)[number];

/** The role of guests in a run that is played. `play_finished` carries `right` and `of`, and `round`: 2 is the rematch. */
export const GUEST_ROLE = {
  title: 'Somebody who plays by the link',
  hears: { play_began: 'friend_began', play_reached_value: 'friend_reached_value', play_finished: 'friend_finished', play_again: 'rematch_began', signed_up: 'friend_joined' },
} as const;
export const GUEST_ROLE_NAME = 'friend';
