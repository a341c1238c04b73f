/* valise-paper-list.h - papers as a list model that costs what is looked at
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * 50,000 papers are 50,000 numbers; a row becomes an object when it is asked for, with the
 * others of its page, and is filled by a worker a moment later. Made by
 * valise_paper_list_new() of valise-library-parts.h. Main thread.
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define VALISE_PAPER_LIST_PAGE 64 /* rows made and filled together */

#define VALISE_TYPE_PAPER_LIST (valise_paper_list_get_type ())

G_DECLARE_FINAL_TYPE (ValisePaperList, valise_paper_list, VALISE, PAPER_LIST, GObject)

/* Whether the rows have been found once, so that an empty list means that there are none;
 * property "ready" (read-only) notifies it. */
gboolean valise_paper_list_get_ready (ValisePaperList *self);

G_END_DECLS
