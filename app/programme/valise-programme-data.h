/* valise-programme-data.h - profiles, records and the sample, carried inside the program
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The files of data/profiles, data/records and data/sample. Any thread.
 */

#pragma once

#include "valise-json.h"

G_BEGIN_DECLS

/**
 * valise_programme_data_load:
 * @path: below data/: "profiles/poa.json"
 *
 * Returns: (transfer full): the file, scanned as our documents are, or %NULL with a
 * #GResourceError where Valise ships no such file, or a #ValiseJsonError
 */
ValiseJson *valise_programme_data_load (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same, as it is. Returns: (transfer full): %NULL with a #GResourceError */
GBytes *valise_programme_data_read (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * valise_programme_data_list:
 * @folder: below data/: "records"
 *
 * Returns: (transfer full): the sorted names of its files; empty where there is no such folder
 */
char **valise_programme_data_list (const char *folder) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
