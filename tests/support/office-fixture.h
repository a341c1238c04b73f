/* office-fixture.h - a secretariat with papers in six languages, which serves
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Made once a program, and copied for each test. Laptops reach it through a relay, whose
 * address stays while servers come and go behind it.
 */

#pragma once

#include <string.h>

#include "relay.h"
#include "server-fixture.h"
#include "valise-id.h"
#include "valise-invitation.h"
#include "valise-issuer.h"
#include "valise-language.h"

#define OFFICE_PAPERS    30                       /* of the template */
#define OFFICE_A_PAPER   (1 + VALISE_N_LANGUAGES) /* documents */
#define OFFICE_OTHERS    6                        /* keys, programme, bodies */
#define OFFICE_DOCUMENTS (OFFICE_OTHERS + OFFICE_PAPERS * OFFICE_A_PAPER)

typedef struct
{
  char       *root;   /* everything of one test */
  Relay      *relay;  /* what laptops know as the server */
  Secretariat server; /* what is behind it */
} Office;

/* --- folders --------------------------------------------------------------------------------- */

static inline void
folder_copy (const char *from, const char *to)
{
  g_autoptr (GDir)   dir = g_dir_open (from, 0, NULL);
  const char        *name = NULL;
  g_autoptr (GFile)  source = g_file_new_for_path (from), target = g_file_new_for_path (to);
  g_autoptr (GError) error = NULL;

  if (dir == NULL)
    {
      g_file_copy (source, target, G_FILE_COPY_ALL_METADATA, NULL, NULL, NULL, &error);
      g_assert_no_error (error);
      return;
    }
  g_assert_no_errno (g_mkdir (to, 0700));
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (from, name, NULL);
      g_autofree char *copy = g_build_filename (to, name, NULL);

      if (!g_str_equal (name, "control"))
        folder_copy (child, copy);
    }
}

/* --- papers ---------------------------------------------------------------------------------- */

/* By the order of valise_language_list(): ar, en, es, fr, ru, zh. */
static const char *const office_words[VALISE_N_LANGUAGES] = {
  "إن الدول مدعوة إلى التعاون من أجل بناء القدرات في مجال الأمن السيبراني.",
  "States are encouraged to cooperate in building capacity for cybersecurity.",
  "Se alienta a los Estados a cooperar para fomentar la capacidad en ciberseguridad.",
  "Les États sont encouragés à coopérer au renforcement des capacités en cybersécurité.",
  "Государствам рекомендуется сотрудничать в наращивании потенциала кибербезопасности.",
  "鼓励各国在网络安全能力建设方面开展合作。",
};

static inline char *
office_dup_symbol (guint number)
{
  return g_strdup_printf ("A/AC.292/2026/WP.%u", number);
}

static inline char *
office_dup_text_id (guint number, const char *language)
{
  g_autofree char *symbol = office_dup_symbol (number);

  return valise_id_for_text (symbol, language);
}

static inline char *
office_make_text (const char *symbol, guint language, const char *note)
{
  const char *code = valise_language_list ()[language];
  GString    *out = g_string_new (NULL);

  g_string_printf (out,
                   "{\"type\":\"text\",\"paper\":\"paper:%s\",\"symbol\":\"%s\",\"language\":"
                   "\"%s\",\"title\":\"%s\",\"paragraphs\":[",
                   symbol, symbol, code, office_words[language]);
  for (guint i = 1; i <= 8; i++)
    g_string_append_printf (out,
                            "%s{\"key\":\"p%u\",\"kind\":\"operative\",\"number\":\"%u\","
                            "\"text\":\"%s %s %s, %u\"}",
                            i > 1 ? "," : "", i, i, office_words[language], note, symbol, i);
  g_string_append (out, "]}");
  return g_string_free (out, FALSE);
}

static inline void
office_issue_one (ValiseRegistry *registry, const char *id, const char *body)
{
  g_autoptr (GError) error = NULL;
  g_autofree char   *rev = valise_registry_issue (registry, "public", id, body, &error);

  g_assert_no_error (error);
  g_assert_nonnull (rev);
}

static inline char *
office_make_paper (const char *symbol, const char *note)
{
  return g_strdup_printf (
      "{\"type\":\"paper\",\"symbol\":\"%s\",\"kind\":\"working-paper\",\"title\":{\"en\":"
      "\"%s, %s\"},\"languages\":[\"ar\",\"en\",\"es\",\"fr\",\"ru\",\"zh\"]}",
      symbol, symbol, note);
}

/* The parts of a paper: 0 is the paper, then its texts by language. */
static inline char *
office_dup_part_id (const char *symbol, guint part)
{
  return part == 0 ? valise_id_for_paper (symbol)
                   : valise_id_for_text (symbol, valise_language_list ()[part - 1]);
}

static inline char *
office_make_part (const char *symbol, guint part, const char *note)
{
  return part == 0 ? office_make_paper (symbol, note) : office_make_text (symbol, part - 1, note);
}

/* Issues a paper and its texts in all six languages while the server serves; with another
 * @note than before, as another version. */
static inline void
office_issue (ValiseRegistry *registry, guint number, const char *note)
{
  g_autofree char *symbol = office_dup_symbol (number);

  for (guint part = 0; part < OFFICE_A_PAPER; part++)
    {
      g_autofree char *id = office_dup_part_id (symbol, part);
      g_autofree char *body = office_make_part (symbol, part, note);

      office_issue_one (registry, id, body);
    }
}

/* --- the server ------------------------------------------------------------------------------ */

static inline void
office_start (Office *self)
{
  secretariat_start (&self->server, NULL, NULL);
  relay_set_target (self->relay, self->server.port);
}

static inline void
office_stop (Office *self)
{
  relay_set_target (self->relay, 0);
  secretariat_stop (&self->server);
}

static inline ValiseOffice *
office_get (Office *self)
{
  return valise_server_get_office (self->server.server);
}

static inline ValiseRegistry *
office_get_registry (Office *self)
{
  return valise_office_get_registry (office_get (self));
}

static inline ValiseDatabase *
office_get_database (Office *self, const char *name)
{
  g_autoptr (GError) error = NULL;
  ValiseDatabase    *database = valise_office_get_database (office_get (self), name, FALSE, &error);

  g_assert_no_error (error);
  return database;
}

/* Issues @n papers, all at once. */
static inline void
office_fill (ValiseHome *home, ValiseRegistry *registry, guint n)
{
  g_autofree char *path =
      g_build_filename (valise_home_get_directory (home), "keys", "issuing.key", NULL);
  g_autoptr (GError)       error = NULL;
  g_autoptr (ValiseKey)    key = valise_key_load (path, &error);
  g_autoptr (ValiseIssuer) issuer = NULL;

  g_assert_no_error (error);
  issuer = valise_issuer_new (home, valise_registry_get_profile (registry),
                              valise_registry_get_programme (registry), key, &error);
  g_assert_no_error (error);
  for (guint i = 1; i <= n; i++)
    {
      g_autofree char *symbol = office_dup_symbol (i);

      for (guint part = 0; part < OFFICE_A_PAPER; part++)
        {
          g_autofree char *id = office_dup_part_id (symbol, part);
          g_autofree char *body = office_make_part (symbol, part, "first");
          g_autofree char *rev = valise_issuer_add (issuer, "public", id, body, NULL, NULL, &error);

          g_assert_no_error (error);
        }
    }
  valise_issuer_commit (issuer, &error);
  g_assert_no_error (error);
}

/* The folder of a secretariat with its papers, closed; to be given to remove_tree(). */
static inline char *
office_make_template (void)
{
  g_autoptr (GError)         error = NULL;
  char                      *folder = g_dir_make_tmp ("valise-sync-XXXXXX", &error);
  g_autoptr (ValiseHome)     home = NULL;
  g_autoptr (ValiseRegistry) registry = NULL;

  g_assert_no_error (error);
  valise_office_create (folder, "poa", "A programme", FALSE, &error);
  g_assert_no_error (error);
  home = valise_home_open (folder, &error);
  g_assert_no_error (error);
  registry = valise_registry_open (home, &error);
  g_assert_no_error (error);
  office_fill (home, registry, OFFICE_PAPERS);
  g_clear_object (&registry);
  valise_home_close (home);
  return folder;
}

/* A copy of @template, serving behind a relay with @handler. */
static inline void
office_open (Office *self, const char *template, RelayHandler handler, gpointer data)
{
  self->root = g_dir_make_tmp ("valise-sync-XXXXXX", NULL);
  self->server.directory = g_build_filename (self->root, "office", NULL);
  folder_copy (template, self->server.directory);
  self->relay = relay_new (handler, data);
  office_start (self);
}

static inline void
office_close (Office *self)
{
  office_stop (self);
  relay_free (self->relay);
  remove_folder (self->root);
  g_free (self->server.directory);
  g_free (self->root);
}

/* Asks somebody in, to the relay's address. */
static inline ValiseInvitation *
office_invite (Office *self, const char *name, const char *participant, const char *role)
{
  g_autoptr (GError) error = NULL;
  g_autofree char   *text =
      valise_office_invite (office_get (self), name, participant, role, self->relay->url, &error);
  g_autoptr (GBytes) bytes = NULL;
  ValiseInvitation  *invitation = NULL;

  g_assert_no_error (error);
  bytes = g_bytes_new (text, strlen (text));
  invitation = valise_invitation_parse (bytes, &error);
  g_assert_no_error (error);
  return invitation;
}

static inline guint
count_descriptors (void)
{
  g_autoptr (GDir) dir = g_dir_open ("/proc/self/fd", 0, NULL);
  guint            count = 0;

  while (dir != NULL && g_dir_read_name (dir) != NULL)
    count++;
  return count;
}
