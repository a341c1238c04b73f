/* valise-verify-parts.h - what the files of valise-verify share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "valise-db.h"
#include "valise-verify.h"

G_BEGIN_DECLS

/* Counts a problem, and tells of it. */
void valise_verify_tell (const ValiseVerifier *verifier, gint64 *problems, const char *format, ...)
    G_GNUC_PRINTF (3, 4);

/* integrity_check, which reads the indices against their tables as quick_check does not; @what
 * goes before what it says. */
gboolean valise_verify_pages (ValiseDb             *db,
                              const char           *what,
                              const ValiseVerifier *verifier,
                              gint64               *problems,
                              GError              **error);

G_END_DECLS
