/* valisectl.h - what the commands of valisectl share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One thread. Each command is a function that returns the exit code; the table of them is in
 * valisectl.c, and they stand together by subject in valisectl-SUBJECT.c.
 */

#pragma once

#include "valise-account.h"
#include "valise-library.h"

G_BEGIN_DECLS

/* What a script can tell apart. */
enum
{
  VALISECTL_FAILED = 1,
  VALISECTL_USAGE = 2,
  VALISECTL_NOT_JOINED = 3,
  VALISECTL_UNREACHED = 4,
  VALISECTL_NOT_FOUND = 5,
  VALISECTL_REFUSED = 6,
};

typedef struct
{
  char    *data;
  char   **languages;
  char   **arguments; /* those that are no options; as many as the command takes */
  int      limit;
  gboolean json;
  gboolean once;
  gboolean watch;
  gboolean index;
  gboolean files;
  gboolean dry_run;
  gboolean evict;
  char    *recipient; /* of a bundle */
  char   **databases;
  char    *passphrase_file;
  gint64   max_size; /* bytes */
  char    *meeting;  /* id */
  char    *since;    /* a date, or an issue number */
  char    *request;  /* file: what the recipient has */
  gboolean without_originals;
  char    *listen;  /* where to wait for a colleague */
  char    *connect; /* where one waits */
  char    *with;    /* a colleague */
  char   **trust;   /* SHA-256 of public keys, in hex */
  gboolean continuous;
  gboolean create;
} ValisectlOptions;

extern ValisectlOptions valisectl_options;

/* Says what failed. Returns: the exit code. */
int valisectl_fail (const GError *error);

/* The one language that was asked for, or %NULL; of several the last. */
const char *valisectl_get_language (void);

/* The same, or the locale's, or where that says nothing ("C") English, or where that
 * is not fetched here the first language that is. */
char *valisectl_dup_language (ValiseAccount *account);

ValiseAccount *valisectl_open_account (GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Opens the library of @account, once all that is here is searchable. */
ValiseLibrary *valisectl_open_library (ValiseAccount *account,
                                       GError       **error) G_GNUC_WARN_UNUSED_RESULT;
void           valisectl_wait_for_index (ValiseAccount *account);

/* For what the library answers later: a callback that keeps the result in the variable it is
 * given, and the wait for it. */
void valisectl_keep_result (GObject *source, GAsyncResult *result, gpointer user_data);
void valisectl_wait_for (GAsyncResult **result);

int valisectl_run_join (void);
int valisectl_run_sync (void);
int valisectl_run_status (void);
int valisectl_run_search (void);
int valisectl_run_show (void);
int valisectl_run_list (void);
int valisectl_run_policy (void);
int valisectl_run_travel (void);
int valisectl_run_files (void);
int valisectl_run_fetch (void);
int valisectl_run_bundle (void);
int valisectl_run_pair (void);
int valisectl_run_colleagues (void);

/* Receives what the colleague @name has. Returns: the exit code. */
int valisectl_sync_with (ValiseAccount *account, const char *name);
int valisectl_run_replicate (void);
int valisectl_run_backup (void);
int valisectl_run_restore (void);
int valisectl_run_verify (void);

G_END_DECLS
