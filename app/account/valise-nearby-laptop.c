/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-nearby-laptop"

#include "config.h"

#include <string.h>

#include "valise-digest.h"
#include "valise-nearby-laptop.h"

#define MAX_LINES 16 /* of a record, that are looked at */
#define MAX_LINE  64 /* bytes */

void
valise_nearby_laptop_free (gpointer data)
{
  ValiseNearbyLaptop *laptop = data;

  if (laptop == NULL)
    return;
  g_free (laptop->name);
  g_free (laptop->address);
  g_free (laptop->nonce);
  g_free (laptop->tag);
  g_free (laptop);
}

ValiseNearbyLaptop *
valise_nearby_laptop_copy (const ValiseNearbyLaptop *laptop)
{
  ValiseNearbyLaptop *copy = g_new0 (ValiseNearbyLaptop, 1);

  copy->name = g_strdup (laptop->name);
  copy->address = g_strdup (laptop->address);
  copy->nonce = g_strdup (laptop->nonce);
  copy->tag = g_strdup (laptop->tag);
  return copy;
}

char *
valise_nearby_laptop_make_tag (const char *key, const char *nonce)
{
  g_autofree char *text = g_strdup_printf ("valise-near-1\n%s\n%s", key, nonce);
  char            *tag = valise_digest_dup_hex (text, strlen (text));

  tag[2 * VALISE_NEARBY_NONCE] = '\0';
  return tag;
}

gboolean
valise_nearby_laptop_has_key (const ValiseNearbyLaptop *laptop, const char *key)
{
  g_autofree char *tag = valise_nearby_laptop_make_tag (key, laptop->nonce);

  return g_str_equal (tag, laptop->tag);
}

static gboolean
is_hex (const char *text, gsize length)
{
  return strlen (text) == length && strspn (text, "0123456789abcdef") == length;
}

static gboolean
is_short_name (const char *name)
{
  return strlen (name) == 4 && strspn (name, "0123456789ABCDEF") == 4;
}

/* "KEY=VALUE" of a TXT record: arrays of bytes, of which ours are text. */
static char *
dup_text (GVariant *txt, const char *key)
{
  gsize prefix = strlen (key);

  for (gsize i = 0; i < g_variant_n_children (txt) && i < MAX_LINES; i++)
    {
      g_autoptr (GVariant) line = g_variant_get_child_value (txt, i);
      gsize                length = 0;
      const char          *bytes = g_variant_get_fixed_array (line, &length, 1);

      if (length > prefix + 1 && length < MAX_LINE && memcmp (bytes, key, prefix) == 0
          && bytes[prefix] == '=')
        return g_strndup (bytes + prefix + 1, length - prefix - 1);
    }
  return NULL;
}

ValiseNearbyLaptop *
valise_nearby_laptop_read (GVariant *answer, char **host)
{
  ValiseNearbyLaptop  *laptop = NULL;
  g_autoptr (GVariant) txt = NULL;
  g_autofree char     *nonce = NULL, *tag = NULL;
  const char          *name = NULL, *address = NULL;
  guint16              port = 0;

  *host = NULL;
  g_variant_get (answer, "(ii&s&s&s&si&sq@aayu)", NULL, NULL, &name, NULL, NULL, NULL, NULL,
                 &address, &port, &txt, NULL);
  nonce = dup_text (txt, "n");
  tag = dup_text (txt, "t");
  if (!g_str_has_prefix (name, "Valise ") || !is_short_name (name + strlen ("Valise "))
      || nonce == NULL || tag == NULL || !is_hex (nonce, 2 * VALISE_NEARBY_NONCE)
      || !is_hex (tag, 2 * VALISE_NEARBY_NONCE) || port == 0)
    return NULL;
  laptop = g_new0 (ValiseNearbyLaptop, 1);
  laptop->name = g_strdup (name + strlen ("Valise "));
  laptop->address =
      g_strdup_printf (strchr (address, ':') != NULL ? "[%s]:%u" : "%s:%u", address, (guint) port);
  laptop->nonce = g_steal_pointer (&nonce);
  laptop->tag = g_steal_pointer (&tag);
  *host = g_strdup (address);
  return laptop;
}
