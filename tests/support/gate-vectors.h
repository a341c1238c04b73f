/* gate-vectors.h - the table that the gate in C and that in JavaScript both meet
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "valise-record.h"

static inline char *
gate_vectors_dup_path (void)
{
  return g_test_build_filename (G_TEST_DIST, "programme", "gate-vectors.json", NULL);
}

static inline ValiseJson *
gate_vectors_load (void)
{
  g_autofree char   *path = gate_vectors_dup_path ();
  g_autofree char   *text = NULL;
  gsize              length = 0;
  g_autoptr (GError) error = NULL;
  ValiseJson        *json = NULL;

  g_file_get_contents (path, &text, &length, &error);
  g_assert_no_error (error);
  json = valise_json_scan_text (text, (gssize) length, VALISE_JSON_ANY, &error);
  g_assert_no_error (error);

  return json;
}

/* The records that stand in the table, besides those that Valise ships. */
static inline GPtrArray *
gate_vectors_dup_records (const ValiseJson *vectors)
{
  GPtrArray *records = g_ptr_array_new ();

  for (guint i = valise_json_first (vectors, valise_json_find (vectors, 0, "records"));
       i != VALISE_JSON_NONE; i = valise_json_next (vectors, i))
    {
      g_autoptr (GError)     error = NULL;
      g_autofree char       *text = valise_json_dup_raw (vectors, i);
      g_autoptr (ValiseJson) json = valise_json_scan_text (text, -1, VALISE_JSON_INTEGERS, &error);

      g_assert_no_error (error);
      g_ptr_array_add (records, valise_record_parse (json, &error));
      g_assert_no_error (error);
    }

  return records;
}
