/* bench-base.c - what it costs to know that a document is what it says
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Prints the microseconds of each step for a sealed document of 9.5 KB, in each of four
 * scripts. Usage: bench-base [SECONDS-A-STEP]; of a release build.
 */

#include "config.h"

#include <locale.h>
#include <string.h>

#include "valise-canonical.h"
#include "valise-digest.h"
#include "valise-seal.h"

#define DOCUMENT_SIZE 9500 /* bytes */
#define BATCH         64   /* runs between looks at the clock */

typedef struct
{
  GBytes          *bytes;
  ValiseJson      *json;
  GString         *body;
  GString         *statement; /* as long as what a seal signs */
  char            *signature;
  ValisePublicKey *key;
} Sample;

typedef void (*Step) (Sample *sample);

static const ValiseSealScope scope = { "poa", "public", "text:A/AC.292/2026/WP.17:fr" };

static const char *const phrases[] = {
  "States should consider the measures set out in section III of the annex, ",
  "Les États devraient envisager les mesures énoncées à la section III de l’annexe, ",
  "Государствам следует рассмотреть меры, изложенные в разделе III приложения, ",
  "各国应考虑本文件附件第三节所载各项措施，",
};

static char *
make_document (const char *phrase)
{
  GString *text =
      g_string_new ("{\"_id\":\"text:A/AC.292/2026/WP.17:fr\",\"type\":\"text\",\"symbol\":"
                    "\"A/AC.292/2026/WP.17\",\"language\":\"fr\",\"date\":\"2026-11-22\","
                    "\"paragraphs\":[");

  for (guint i = 0; text->len < DOCUMENT_SIZE - 300; i++)
    {
      g_string_append_printf (text,
                              "%s{\"key\":\"p%u\",\"kind\":\"para\",\"number\":\"%u\",\"text\":\"",
                              i > 0 ? "," : "", i, i);
      for (guint j = 0; j < 3; j++)
        g_string_append (text, phrase);
      g_string_append (text, "\\\"quoted\\\"\",\"notes\":[]}");
    }
  g_string_append (text, "],\"sponsors\":[\"xke\",\"xor\"],\"item\":5}");

  return g_string_free (text, FALSE);
}

static Sample *
make_sample (const char *phrase, ValiseKey *key)
{
  Sample                *sample = g_new0 (Sample, 1);
  g_autofree char       *text = make_document (phrase);
  g_autoptr (ValiseJson) plain = valise_json_scan_text (text, -1, VALISE_JSON_INTEGERS, NULL);
  char                  *sealed = valise_seal_apply (&scope, plain, key, 1234);

  sample->bytes = g_bytes_new_take (sealed, strlen (sealed));
  sample->json = valise_json_scan (sample->bytes, VALISE_JSON_INTEGERS, NULL);
  sample->body = g_string_new (NULL);
  valise_canonical_append_body (sample->body, sample->json);
  sample->statement = g_string_new_len (sample->body->str, 270);
  sample->signature = valise_key_sign (key, sample->statement->str, sample->statement->len);
  sample->key = valise_public_key_new (valise_key_get_public (key), NULL);

  return sample;
}

static void
free_sample (Sample *sample)
{
  g_bytes_unref (sample->bytes);
  valise_json_unref (sample->json);
  g_string_free (sample->body, TRUE);
  g_string_free (sample->statement, TRUE);
  g_free (sample->signature);
  valise_public_key_unref (sample->key);
  g_free (sample);
}

static void
run_scan (Sample *sample)
{
  g_autoptr (ValiseJson) json = valise_json_scan (sample->bytes, VALISE_JSON_INTEGERS, NULL);

  g_assert_nonnull (json);
}

static void
run_body (Sample *sample)
{
  g_string_truncate (sample->body, 0);
  valise_canonical_append_body (sample->body, sample->json);
}

static void
run_sha256 (Sample *sample)
{
  guint8 digest[VALISE_DIGEST_SIZE];

  valise_digest_compute (sample->body->str, sample->body->len, digest);
}

static void
run_gchecksum (Sample *sample)
{
  g_autofree char *digest = g_compute_checksum_for_data (
      G_CHECKSUM_SHA256, (const guchar *) sample->body->str, sample->body->len);

  g_assert_nonnull (digest);
}

static void
run_verify (Sample *sample)
{
  g_assert_true (valise_public_key_verify (sample->key, sample->statement->str,
                                           sample->statement->len, sample->signature, NULL));
}

static void
run_all (Sample *sample)
{
  g_autoptr (ValiseJson) json = valise_json_scan (sample->bytes, VALISE_JSON_INTEGERS, NULL);

  g_assert_true (valise_seal_check (&scope, json, sample->key, NULL));
}

static double
measure_us (Step step, Sample *sample, double seconds)
{
  gint64 start = g_get_monotonic_time ();
  gint64 spent_us = 0;
  guint  runs = 0;

  while (spent_us < seconds * G_USEC_PER_SEC)
    {
      for (guint i = 0; i < BATCH; i++)
        step (sample);
      runs += BATCH;
      spent_us = g_get_monotonic_time () - start;
    }

  return (double) spent_us / runs;
}

int
main (int argc, char *argv[])
{
  static const struct
  {
    const char *name;
    Step        step;
  } steps[] = {
    { "scan", run_scan },
    { "canonical body", run_body },
    { "SHA-256", run_sha256 },
    { "(GChecksum)", run_gchecksum },
    { "Ed25519 verify", run_verify },
    { "scan and check", run_all },
  };
  static const char *const names[] = { "en", "fr", "ru", "zh" };
  double                   seconds = argc > 1 ? g_ascii_strtod (argv[1], NULL) : 0.3;
  g_autoptr (ValiseKey)    key = valise_key_generate (NULL);
  Sample                  *samples[G_N_ELEMENTS (phrases)];

  setlocale (LC_ALL, "");
  g_print ("%-16s", "µs a document");
  for (gsize i = 0; i < G_N_ELEMENTS (phrases); i++)
    {
      samples[i] = make_sample (phrases[i], key);
      g_print ("  %s (%" G_GSIZE_FORMAT " B)", names[i], g_bytes_get_size (samples[i]->bytes));
    }
  g_print ("\n");

  for (gsize j = 0; j < G_N_ELEMENTS (steps); j++)
    {
      g_print ("%-16s", steps[j].name);
      for (gsize i = 0; i < G_N_ELEMENTS (phrases); i++)
        g_print ("  %11.2f", measure_us (steps[j].step, samples[i], seconds));
      g_print ("\n");
    }

  for (gsize i = 0; i < G_N_ELEMENTS (phrases); i++)
    free_sample (samples[i]);

  return 0;
}
