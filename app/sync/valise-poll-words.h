/* valise-poll-words.h - what both ends of a poll know before it is answered
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * An answer to a poll is short, and most of it is what the question said or what every such answer
 * says. Who asks with `"known": 1` takes an answer in Zstandard whose one frame may refer back to
 * raw bytes (RFC 8878, 5): the words of every answer, and after them the question as it was sent,
 * before it was compressed. For an account of three databases that is 170 bytes in place of 470.
 *
 * The words are a part of the protocol: other words need another number.
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define VALISE_POLL_WORDS 1 /* what "known" names */

/* What the answer to the @question of @length bytes may refer back to. */
GBytes *valise_poll_words_make (const char *question, gsize length) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
