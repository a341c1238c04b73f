/* valise-test.h - what the tests of every layer share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How often a long loop runs: @brief times, or as the environment's VALISE_TEST_COUNT says. */
static inline guint
valise_test_count (guint brief)
{
  const char *count = g_getenv ("VALISE_TEST_COUNT");

  return count == NULL ? brief : (guint) g_ascii_strtoull (count, NULL, 10);
}

G_END_DECLS
