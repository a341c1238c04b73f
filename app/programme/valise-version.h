/* valise-version.h - one language version of a paper, in a list or in a reader's header
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Never changes once made, so any thread may read it.
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define VALISE_TYPE_VERSION (valise_version_get_type ())

/* The cast is VALISE_PAPER_VERSION(): VALISE_VERSION is the number of this Valise, in config.h. */
G_DECLARE_FINAL_TYPE (ValiseVersion, valise_version, VALISE, PAPER_VERSION, GObject)

ValiseVersion *valise_version_new (const char *language,
                                   gboolean    here,
                                   gint64      size,
                                   const char *database,
                                   const char *id) G_GNUC_WARN_UNUSED_RESULT;

const char *valise_version_get_language (ValiseVersion *self);
gboolean    valise_version_get_here (ValiseVersion *self); /* its text is on this laptop */
gint64      valise_version_get_size (ValiseVersion *self); /* bytes; where not here, to fetch */
const char *valise_version_get_database (ValiseVersion *self);
const char *valise_version_get_id (ValiseVersion *self); /* for valise_scheduler_fetch_async() */

/* Whether the two say the same. */
gboolean valise_version_equal (ValiseVersion *self, ValiseVersion *other);

G_END_DECLS
