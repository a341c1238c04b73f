/* valise-exceptions.h - inflections that no rule brings together
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What stands for @word (folded, terminated) in "ar", "en", "es", "fr" or "ru", or NULL where
 * the rules do. Static. Any thread. */
const char *valise_exceptions_find (const char *language, const char *word);

G_END_DECLS
