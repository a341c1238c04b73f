/* valise-file-item.h - a file in the queue, as a window shows it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Main thread.
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum
{
  VALISE_FILE_KNOWN,   /* a paper names it; nothing of it is here, and nobody asked for it */
  VALISE_FILE_WANTED,  /* asked for; nothing of it is here yet */
  VALISE_FILE_PARTIAL, /* some of its bytes are here */
  VALISE_FILE_PRESENT, /* all of it is here, and was verified */
  VALISE_FILE_EVICTED, /* it was here; its bytes were given up for their room */
} ValiseFileState;

/* Why a file does not move. */
typedef enum
{
  VALISE_FILE_MOVES,       /* it is moving, or nothing keeps it from it */
  VALISE_FILE_NOT_ASKED,   /* it is not in the queue */
  VALISE_FILE_IN_LINE,     /* others go before it */
  VALISE_FILE_WORDS_FIRST, /* documents are still on their way */
  VALISE_FILE_HELD,        /* its user holds it */
  VALISE_FILE_OFFLINE,     /* the server is not in reach, or nobody asked it to sync */
  VALISE_FILE_TEXT_ONLY,   /* the user's policy: no files */
  VALISE_FILE_METERED,     /* the user's policy: none over a connection that is paid for */
  VALISE_FILE_BUDGET,      /* the user's policy: today's bytes are spent */
  VALISE_FILE_HOURS,       /* the user's policy: not at this time of the day */
  VALISE_FILE_PROBLEM,     /* see the problem; the next sync asked for tries again */
} ValiseFileReason;

/* How urgent: the higher goes first. */
enum
{
  VALISE_FILE_LATER = 0,       /* when there is nothing better to do */
  VALISE_FILE_PINNED = 100,    /* of a meeting that somebody prepares for */
  VALISE_FILE_ASKED_FOR = 200, /* its user waits for this one */
};

#define VALISE_TYPE_FILE_ITEM (valise_file_item_get_type ())

/* Properties that notify: "present" (int64), "state" (int), "reason" (int), "problem". The rest
 * stays as it is as long as the item lives. */
G_DECLARE_FINAL_TYPE (ValiseFileItem, valise_file_item, VALISE, FILE_ITEM, GObject)

const char *valise_file_item_get_sha256 (ValiseFileItem *self);
const char *valise_file_item_get_database (ValiseFileItem *self);
const char *valise_file_item_get_name (ValiseFileItem *self);     /* "A_RES_77_37-en.pdf" */
const char *valise_file_item_get_symbol (ValiseFileItem *self);   /* of its paper, or NULL */
const char *valise_file_item_get_meeting (ValiseFileItem *self);  /* id, or NULL */
const char *valise_file_item_get_language (ValiseFileItem *self); /* or NULL */
gint64      valise_file_item_get_length (ValiseFileItem *self);   /* bytes */
gint64      valise_file_item_get_present (ValiseFileItem *self);  /* of them, here; of one that
                                                                   * goes out: there */
gboolean valise_file_item_is_outgoing (ValiseFileItem *self);     /* made here, to be sent */

ValiseFileState  valise_file_item_get_state (ValiseFileItem *self);
ValiseFileReason valise_file_item_get_reason (ValiseFileItem *self);
const char      *valise_file_item_get_problem (ValiseFileItem *self); /* in English, or NULL */

G_END_DECLS
