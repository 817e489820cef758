// The widget's own texts that a form may show before it is live, in English. The others come with `live.js`.

import {
  another,
  back,
  choose,
  either_contact,
  loading,
  next,
  optional,
  policy,
  retry,
  send,
  sending,
  sent,
  step,
  summary,
  unavailable,
  unreachable,
} from "../messages/en.json";

export const english = {
  another,
  back,
  choose,
  either_contact,
  loading,
  next,
  optional,
  policy,
  retry,
  send,
  sending,
  sent,
  step,
  summary,
  unavailable,
  unreachable,
};
