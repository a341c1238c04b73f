/* pdf-hostile.h - PDFs that no program lays out: written to hang, to fill up, or to end a reader
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>
#include <string.h>

/* A PDF of @objects (NULL-terminated; the first is number 1, and the catalogue), with @trailer in
 * its trailer. Its table of offsets is right, or where @lost, leads nowhere. */
static inline GBytes *
pdf_hostile_write (const char *const *objects, const char *trailer, gboolean lost)
{
  GString           *out = g_string_new ("%PDF-1.7\n");
  g_autoptr (GArray) offsets = g_array_new (FALSE, FALSE, sizeof (gsize));
  gsize              table = 0;

  for (guint i = 0; objects[i] != NULL; i++)
    {
      g_array_append_val (offsets, out->len);
      g_string_append_printf (out, "%u 0 obj\n%s\nendobj\n", i + 1, objects[i]);
    }
  table = out->len;
  g_string_append_printf (out, "xref\n0 %u\n0000000000 65535 f \n", offsets->len + 1);
  for (guint i = 0; i < offsets->len; i++)
    g_string_append_printf (out, "%010" G_GSIZE_FORMAT " 00000 n \n",
                            lost ? 9999999 : g_array_index (offsets, gsize, i));
  g_string_append_printf (
      out, "trailer\n<< /Size %u /Root 1 0 R %s >>\nstartxref\n%" G_GSIZE_FORMAT "\n%%%%EOF\n",
      offsets->len + 1, trailer, lost ? (gsize) 99999999 : table);
  return g_string_free_to_bytes (out);
}

/* One page with @words, said to be one of @count, its table of offsets right or lost. */
static inline GBytes *
pdf_hostile_pages (const char *count, const char *words, const char *trailer, gboolean lost)
{
  g_autofree char *pages = g_strdup_printf ("<< /Type /Pages /Kids [3 0 R] /Count %s >>", count);
  g_autofree char *text = g_strdup_printf ("BT /F1 12 Tf 72 700 Td (%s) Tj ET", words);
  g_autofree char *content = g_strdup_printf (
      "<< /Length %" G_GSIZE_FORMAT " >>\nstream\n%s\nendstream", strlen (text), text);
  const char *const objects[] = {
    "<< /Type /Catalog /Pages 2 0 R >>",
    pages,
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
    "/Resources << /Font << /F1 5 0 R >> >> >>",
    content,
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    NULL,
  };

  return pdf_hostile_write (objects, trailer, lost);
}

/* Asks for a password that nobody knows. */
static inline GBytes *
pdf_hostile_locked (const char *words)
{
  g_autofree char *key = g_strnfill (64, 'a');
  g_autofree char *trailer =
      g_strdup_printf ("/ID [<00112233445566778899aabbccddeeff> "
                       "<00112233445566778899aabbccddeeff>] /Encrypt << /Filter /Standard /V 1 "
                       "/R 2 /O <%s> /U <%s> /P -4 >>",
                       key, key);

  return pdf_hostile_pages ("1", words, trailer, FALSE);
}

/* Its list of pages is in itself, again and again. */
static inline GBytes *
pdf_hostile_ring (void)
{
  static const char *const objects[] = {
    "<< /Type /Catalog /Pages 2 0 R >>",
    "<< /Type /Pages /Kids [3 0 R 3 0 R] /Count 4000 >>",
    "<< /Type /Pages /Parent 2 0 R /Kids [2 0 R 2 0 R] /Count 4000 >>",
    NULL,
  };

  return pdf_hostile_write (objects, "", FALSE);
}

/* @n_pages pages, all with the same @length bytes of words: small on the disk, large when read. */
static inline GBytes *
pdf_hostile_bomb (guint n_pages, gsize length)
{
  g_autoptr (GPtrArray) objects = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GString)   kids = g_string_new (NULL);
  g_autoptr (GString)   text = g_string_new ("BT /F1 1 Tf 1 0 0 1 1 841 Tm 1 TL ");

  for (guint i = 0; i < n_pages; i++)
    g_string_append_printf (kids, "%u 0 R ", i + 5);
  while (text->len < length)
    g_string_append (text, "(swelling words) ' ");
  g_string_append (text, "ET");
  g_ptr_array_add (objects, g_strdup ("<< /Type /Catalog /Pages 2 0 R >>"));
  g_ptr_array_add (objects,
                   g_strdup_printf ("<< /Type /Pages /Kids [%s] /Count %u >>", kids->str, n_pages));
  g_ptr_array_add (objects,
                   g_strdup_printf ("<< /Length %" G_GSIZE_FORMAT " >>\nstream\n%s\nendstream",
                                    text->len, text->str));
  g_ptr_array_add (objects, g_strdup ("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"));
  for (guint i = 0; i < n_pages; i++)
    g_ptr_array_add (objects,
                     g_strdup ("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 14400] /Contents "
                               "3 0 R /Resources << /Font << /F1 4 0 R >> >> >>"));
  g_ptr_array_add (objects, NULL);
  return pdf_hostile_write ((const char *const *) objects->pdata, "", FALSE);
}
