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

/* @stem stands for @word. Lent for the call. */
typedef void (*ValiseExceptionFunc) (const char *stem, const char *word, gpointer user_data);

/* Tells @func of every exception but the Arabic ones. */
void valise_exceptions_foreach (ValiseExceptionFunc func, gpointer user_data);

G_END_DECLS
