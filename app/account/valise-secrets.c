/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-secrets"

#include "config.h"

#include <glib/gstdio.h>
#include <libsecret/secret.h>
#include <string.h>

#include "valise-account.h"
#include "valise-json.h"
#include "valise-secrets.h"

#define PATIENCE_US (5 * G_USEC_PER_SEC) /* with a keyring that does not answer */
#define FILE_NAME   "secrets.json"

static const char about[] =
    "The password and the device key of a Valise account. They are here because this machine "
    "had no keyring to put them in. Whoever reads this file can act as its owner.";

static const SecretSchema schema = { "org.valise.Valise.Account",
                                     SECRET_SCHEMA_NONE,
                                     { { "account", SECRET_SCHEMA_ATTRIBUTE_STRING }, { NULL, 0 } },
                                     0,
                                     0,
                                     0,
                                     0,
                                     0,
                                     0,
                                     0,
                                     0 };

/* --- the keyring, on a thread of its own: it may ask its user, or never answer ------------ */

typedef enum
{
  ASK_STORE,
  ASK_LOOKUP,
  ASK_CLEAR,
} Ask;

/* Counted: who asked may have lost patience when the answer comes. */
typedef struct
{
  GMutex        mutex;
  GCond         cond;
  Ask           ask;
  char         *account;
  char         *text; /* to store, or found */
  gboolean      done;
  gboolean      ok;
  GCancellable *cancellable;
} Job;

static void
wipe (char *text)
{
  if (text != NULL)
    explicit_bzero (text, strlen (text));
  g_free (text);
}

static void
clear_job (gpointer data)
{
  Job *job = data;

  g_free (job->account);
  wipe (job->text);
  g_object_unref (job->cancellable);
  g_cond_clear (&job->cond);
  g_mutex_clear (&job->mutex);
}

static void
unref_job (Job *job)
{
  g_atomic_rc_box_release_full (job, clear_job);
}

static gpointer
ask_thread (gpointer data)
{
  Job               *job = data;
  g_autoptr (GError) failure = NULL;
  char              *found = NULL;
  gboolean           ok = FALSE;

  if (job->ask == ASK_STORE)
    ok = secret_password_store_sync (&schema, SECRET_COLLECTION_DEFAULT, "Valise", job->text,
                                     job->cancellable, &failure, "account", job->account, NULL);
  else if (job->ask == ASK_CLEAR)
    ok = secret_password_clear_sync (&schema, job->cancellable, &failure, "account", job->account,
                                     NULL);
  else
    found = secret_password_lookup_sync (&schema, job->cancellable, &failure, "account",
                                         job->account, NULL);
  if (failure != NULL)
    g_debug ("No keyring: %s", failure->message);

  g_mutex_lock (&job->mutex);
  if (job->ask == ASK_LOOKUP)
    {
      ok = found != NULL;
      job->text = g_strdup (found);
    }
  job->ok = ok;
  job->done = TRUE;
  g_cond_signal (&job->cond);
  g_mutex_unlock (&job->mutex);
  if (found != NULL)
    secret_password_free (found);
  unref_job (job);
  return NULL;
}

/* @text: to store; @found: (out) (nullable): what was looked up. */
static gboolean
ask_keyring (Ask ask, const char *account, const char *text, char **found)
{
  Job     *job = g_atomic_rc_box_new0 (Job);
  gint64   until = g_get_monotonic_time () + PATIENCE_US;
  gboolean ok = FALSE;

  g_mutex_init (&job->mutex);
  g_cond_init (&job->cond);
  job->ask = ask;
  job->account = g_strdup (account);
  job->text = g_strdup (text);
  job->cancellable = g_cancellable_new ();
  g_thread_unref (g_thread_new ("valise-keyring", ask_thread, g_atomic_rc_box_acquire (job)));

  g_mutex_lock (&job->mutex);
  while (!job->done && g_cond_wait_until (&job->cond, &job->mutex, until))
    ;
  ok = job->done && job->ok;
  if (ok && found != NULL)
    *found = g_steal_pointer (&job->text);
  g_mutex_unlock (&job->mutex);
  g_cancellable_cancel (job->cancellable);
  unref_job (job);
  return ok;
}

/* --- their text -------------------------------------------------------------------------- */

void
valise_secrets_free (ValiseSecrets *self)
{
  wipe (self->password);
  wipe (self->device);
  g_free (self);
}

static char *
make_text (const ValiseSecrets *self, gboolean file)
{
  GString *out = g_string_new ("{");

  if (file)
    {
      g_string_append (out, "\"about\":");
      valise_json_append_string (out, about, -1);
      g_string_append_c (out, ',');
    }
  g_string_append (out, "\"password\":");
  valise_json_append_string (out, self->password, -1);
  g_string_append (out, ",\"device\":");
  valise_json_append_string (out, self->device, -1);
  g_string_append (out, "}\n");
  return g_string_free (out, FALSE);
}

static ValiseSecrets *
read_text (const char *text)
{
  g_autoptr (ValiseJson)    json = valise_json_scan_text (text, -1, VALISE_JSON_INTEGERS, NULL);
  g_autoptr (ValiseSecrets) self = g_new0 (ValiseSecrets, 1);

  if (json == NULL)
    return NULL;
  self->password = valise_json_dup_member (json, 0, "password");
  self->device = valise_json_dup_member (json, 0, "device");
  if (self->password == NULL || self->device == NULL)
    return NULL;
  return g_steal_pointer (&self);
}

gboolean
valise_secrets_store (const ValiseSecrets *self,
                      const char          *account,
                      const char          *folder,
                      gboolean            *in_file,
                      GError             **error)
{
  char            *text = make_text (self, FALSE);
  g_autofree char *path = g_build_filename (folder, FILE_NAME, NULL);
  gboolean         ok = ask_keyring (ASK_STORE, account, text, NULL);

  wipe (text);
  *in_file = !ok;
  if (ok)
    return TRUE;

  text = make_text (self, TRUE);
  ok = g_file_set_contents_full (
      path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600, error);
  wipe (text);
  return ok;
}

ValiseSecrets *
valise_secrets_load (const char *account, const char *folder, gboolean in_file, GError **error)
{
  g_autofree char *path = g_build_filename (folder, FILE_NAME, NULL);
  char            *text = NULL;
  ValiseSecrets   *self = NULL;

  if (in_file)
    g_file_get_contents (path, &text, NULL, NULL);
  else
    ask_keyring (ASK_LOOKUP, account, NULL, &text);
  if (text != NULL)
    self = read_text (text);
  wipe (text);
  if (self == NULL)
    g_set_error (error, VALISE_ACCOUNT_ERROR, VALISE_ACCOUNT_ERROR_NO_SECRET,
                 "The password of %s is not in the %s", account, in_file ? "file" : "keyring");
  return self;
}

void
valise_secrets_forget (const char *account, const char *folder)
{
  g_autofree char *path = g_build_filename (folder, FILE_NAME, NULL);

  if (g_unlink (path) != 0)
    ask_keyring (ASK_CLEAR, account, NULL, NULL);
}
