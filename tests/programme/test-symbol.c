/* test-symbol.c - document symbols
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <glib.h>
#include <string.h>

#include "valise-reading.h"
#include "valise-symbol.h"

typedef struct
{
  const char *given;
  const char *normal;
} Pair;

static void
a_symbol_is_taken_apart (void)
{
  static const struct
  {
    const char *text, *organ, *body, *session;
    guint       year;
    const char *nature;
    guint       number;
    const char *letter;
  } cases[] = {
    { "A/RES/77/37", "A", NULL, "77", 0, "RES", 37, NULL },
    { "A/RES/48/75 L", "A", NULL, "48", 0, "RES", 75, "L" },
    { "A/RES/75/101 A-B", "A", NULL, "75", 0, "RES", 101, "A-B" },
    { "A/RES/ES-11/1", "A", NULL, "ES-11", 0, "RES", 1, NULL },
    { "A/RES/217 A (III)", "A", NULL, NULL, 0, "RES", 217, "A" },
    { "A/C.1/77/L.73", "A", "C.1", "77", 0, "L", 73, NULL },
    { "A/AC.292/2023/WP.2/Rev.1", "A", "AC.292", NULL, 2023, "WP", 2, NULL },
    { "A/79/PV.55 (Resumption 1)", "A", NULL, "79", 0, "PV", 55, NULL },
    { "A/CONF.192/15(Supp)", "A", "CONF.192", NULL, 0, NULL, 15, NULL },
    { "A/CONF.192/BMS/2022/1", "A", "CONF.192/BMS", NULL, 2022, NULL, 1, NULL },
    { "S/PRST/2020/1", "S", NULL, NULL, 2020, "PRST", 1, NULL },
    { "S/RES/1325 (2000)", "S", NULL, NULL, 0, "RES", 1325, NULL },
    { "A/HRC/RES/47/16", "A", "HRC", "47", 0, "RES", 16, NULL },
    { "FCCC/CP/2015/10/Add.1", "FCCC", "CP", NULL, 2015, NULL, 10, NULL },
    { "A/520/Rev.20", "A", NULL, NULL, 0, NULL, 520, NULL },
    { "E/CN.6/2023/L.3", "E", "CN.6", NULL, 2023, "L", 3, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (ValiseSymbol) symbol = valise_symbol_parse (cases[i].text);

      if (symbol == NULL)
        g_error ("refused: %s", cases[i].text);
      g_assert_cmpstr (symbol->raw, ==, cases[i].text);
      g_assert_cmpstr (symbol->organ, ==, cases[i].organ);
      g_assert_cmpstr (symbol->body, ==, cases[i].body);
      g_assert_cmpstr (symbol->session, ==, cases[i].session);
      g_assert_cmpuint (symbol->year, ==, cases[i].year);
      g_assert_cmpstr (symbol->nature, ==, cases[i].nature);
      g_assert_cmpuint (symbol->number, ==, cases[i].number);
      g_assert_cmpstr (symbol->letter, ==, cases[i].letter);
    }
}

static void
the_normal_form_is_one_for_all_spellings (void)
{
  static const Pair pairs[] = {
    { "a/res/77/37", "A/RES/77/37" },
    { " A / RES / 77 / 37 ", "A/RES/77/37" },
    { "A/RES/77/37.", "A/RES/77/37" },
    { "A/RES/٧٧/٣٧", "A/RES/77/37" },
    { "Ａ／ＲＥＳ／７７／３７", "A/RES/77/37" },
    { "\u200eA/RES/77/37\u200f", "A/RES/77/37" },
    { "A/RES/ES\u201111/1", "A/RES/ES-11/1" },
    { "A/RES/75/101 A\u2013B", "A/RES/75/101 A-B" },
    { "A/RES/48/75\u00a0L", "A/RES/48/75 L" },
    { "A/RES/9/9b", "A/RES/9/9 B" },
    { "a/ac.292/2023/wp.2/REV.1", "A/AC.292/2023/WP.2/Rev.1" },
    { "A/AC.292/2023/WP. 2", "A/AC.292/2023/WP.2" },
    { "A/79/PV.55 (resumption 1)", "A/79/PV.55 (Resumption 1)" },
    { "A/79/PV.55(Resumption 1)", "A/79/PV.55 (Resumption 1)" },
    { "A/CONF.192/15(SUPP)", "A/CONF.192/15(Supp)" },
    { "A/CONF.183/13(PartI)", "A/CONF.183/13 (Part I)" },
    { "A/CONF.157/24 (Part I)", "A/CONF.157/24 (Part I)" },
    { "S/RES/1325 (2000)", "S/RES/1325(2000)" },
    { "A/RES/217(III)", "A/RES/217(III)" },
    { "A/RES/217 a (iii)", "A/RES/217 A (III)" },
    { "A/77/L.32 (as amended in a/77/l.40)", "A/77/L.32 (as amended in A/77/L.40)" },
    { "A/HRC/47/4Add.1", "A/HRC/47/4/Add.1" },
    { "unep/ea.5/res.14", "UNEP/EA.5/Res.14" },
    { "E/CN.4/Sub.2/1990/1", "E/CN.4/Sub.2/1990/1" },
    { "A/78/462/Add.1*", "A/78/462/Add.1*" },
    { "resolution 77/37", "A/RES/77/37" },
    { "General Assembly resolution 77/37", "A/RES/77/37" },
    { "Resolution\u00a043/78 H", "A/RES/43/78 H" },
    { "decision 74/544", "A/DEC/74/544" },
    { "résolution 77/37", "A/RES/77/37" },
    { "resolución 77/37", "A/RES/77/37" },
    { "резолюция 77/37", "A/RES/77/37" },
    { "القرار 77/37", "A/RES/77/37" },
    { "Security Council resolution 1325 (2000)", "S/RES/1325(2000)" },
    { "Human Rights Council resolution 47/16", "A/HRC/RES/47/16" },
    { "resolution 217 A (III)", "A/RES/217 A (III)" },
    { "Economic and Social Council resolution 2013/6", "E/RES/2013/6" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
    {
      g_autofree char *normal = valise_symbol_normalise (pairs[i].given);
      g_autofree char *again = valise_symbol_normalise (normal != NULL ? normal : "");

      if (g_strcmp0 (normal, pairs[i].normal) != 0)
        g_error ("%s: %s, not %s", pairs[i].given, normal, pairs[i].normal);
      g_assert_cmpstr (again, ==, normal);
    }
}

static void
what_is_no_symbol_is_refused (void)
{
  static const char *const texts[] = {
    "",
    " ",
    "/",
    "//",
    "A",
    "A/",
    "/A",
    "A//37",
    "1/2",
    "3/4",
    "77/37",
    "12/05/2023",
    "2023/12/05",
    "7/12/22",
    "and/or",
    "he/she",
    "s/he",
    "his/her",
    "N/A",
    "n/a",
    "w/o",
    "c/o",
    "A/B",
    "A/B/C",
    "A/4",
    "A/77",
    "I/O",
    "TCP/IP",
    "TCP/IP/4",
    "km/h",
    "24/7",
    "AC/DC",
    "OS/2",
    "A/RES",
    "A/RES/77",
    "A/RES/x/37",
    "A/C.1",

    "/usr/lib/x",
    "C:/DOCS/1",
    "src/main.c",
    "http://un.org/1",
    "https://docs.un.org/en/A/RES/77/37",
    "E/mail/1",
    "S/N 12",
    "S/1/2",
    "input/output",
    "input/output/5",
    "yes/no",
    "Geneva/2023",
    "1.2/3",
    "A/RES/77/37/and",
    "A/RES/77/37; DROP TABLE",
    "ISO/IEC 27001",
    "ISO/IEC/27001",
    "resolution",
    "resolution of",
    "ratio 1/2",
    "page 3/4",
    "A RES 77 37",
    "..",
    "A/../B",
    "A/RES/77/37/../../1",
    "-/-",
    "L.73",
    "WP.2",
    "Rev.1",
    "A/Rev.1",
    "A/Add.1",
    "مرجع/1",
    "和/或",
    "и/или",
    "et/ou 2",
    "B/2/3",
    "P/E/10",
    "A/0/5",
    "A/RES/77/37 A programme",
    "resolutions of 1/2 and",
    "\xff/\xfe",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (ValiseSymbol) symbol = valise_symbol_parse (texts[i]);

      if (symbol != NULL)
        g_error ("taken: “%s” as %s", texts[i], symbol->text);
    }

  g_assert_cmpuint (G_N_ELEMENTS (texts), >=, 40);
}

static void
an_overlong_text_is_no_symbol (void)
{
  g_autoptr (GString) text = g_string_new ("A");

  for (guint i = 0; i < 100000; i++)
    g_string_append (text, "/1");
  g_assert_null (valise_symbol_parse (text->str));

  g_string_assign (text, "A/1");
  for (guint i = 0; i < 30; i++)
    g_string_append (text, "/1");
  g_assert_null (valise_symbol_parse (text->str));
}

static void
numbers_sort_by_value (void)
{
  static const char *const sorted[] = { "A/77/5",        "A/77/5/Add.1",  "A/77/5/Add.2",
                                        "A/77/5/Add.10", "A/77/5/Corr.1", "A/77/50",
                                        "A/77/L.9",      "A/77/L.10",     "A/78/1",
                                        "A/100/1",       "A/RES/9/9",     "A/RES/77/37",
                                        "S/2021/1" };

  for (guint i = 0; i < G_N_ELEMENTS (sorted); i++)
    for (guint j = 0; j < G_N_ELEMENTS (sorted); j++)
      {
        int order = valise_symbol_compare_text (sorted[i], sorted[j]);

        if ((order < 0) != (i < j) || (order == 0) != (i == j))
          g_error ("%s %d %s", sorted[i], order, sorted[j]);
      }

  g_assert_cmpint (valise_symbol_compare_text ("A/77/5", "nonsense"), <, 0);
  g_assert_cmpint (valise_symbol_compare_text ("x", "y"), <, 0);
  g_assert_cmpint (valise_symbol_compare_text (NULL, NULL), ==, 0);
}

static void
modifiers_relate_documents (void)
{
  static const struct
  {
    const char          *a, *b;
    ValiseSymbolRelation relation;
  } cases[] = {
    { "A/77/5", "a/77/5", VALISE_SYMBOL_SAME },
    { "A/77/5", "A/77/6", VALISE_SYMBOL_UNRELATED },
    { "A/77/5/Add.1", "A/77/5", VALISE_SYMBOL_ADDS_TO },
    { "A/77/5", "A/77/5/Add.1", VALISE_SYMBOL_FAMILY },
    { "A/77/5/Corr.1", "A/77/5", VALISE_SYMBOL_CORRECTS },
    { "A/77/5/Add.1/Corr.1", "A/77/5/Add.1", VALISE_SYMBOL_CORRECTS },
    { "A/77/5/Add.1/Corr.1", "A/77/5", VALISE_SYMBOL_FAMILY },
    { "A/77/5/Amend.1", "A/77/5", VALISE_SYMBOL_AMENDS },
    { "A/77/5/Rev.1", "A/77/5", VALISE_SYMBOL_REPLACES },
    { "A/77/5/Rev.2", "A/77/5/Rev.1", VALISE_SYMBOL_REPLACES },
    { "A/77/5/Rev.2", "A/77/5", VALISE_SYMBOL_REPLACES },
    { "A/77/5/Rev.1", "A/77/5/Rev.2", VALISE_SYMBOL_FAMILY },
    { "A/77/5/Rev.1/Add.1", "A/77/5/Rev.1", VALISE_SYMBOL_ADDS_TO },
    { "A/77/5*", "A/77/5", VALISE_SYMBOL_REPLACES },
    { "A/77/5**", "A/77/5*", VALISE_SYMBOL_REPLACES },
    { "A/77/5/Summary", "A/77/5", VALISE_SYMBOL_SUMMARISES },
    { "A/79/PV.55 (Resumption 1)", "A/79/PV.55", VALISE_SYMBOL_CONTINUES },
    { "A/77/5/Add.1", "A/77/5/Add.2", VALISE_SYMBOL_FAMILY },
    { "A/77/50/Add.1", "A/77/5", VALISE_SYMBOL_UNRELATED },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (ValiseSymbol) a = valise_symbol_parse (cases[i].a);
      g_autoptr (ValiseSymbol) b = valise_symbol_parse (cases[i].b);

      g_assert_nonnull (a);
      g_assert_nonnull (b);
      if (valise_symbol_relate (a, b) != cases[i].relation)
        g_error ("%s, %s: %d", cases[i].a, cases[i].b, valise_symbol_relate (a, b));
    }
}

static void
a_base_and_a_parent_are_told (void)
{
  g_autoptr (ValiseSymbol) symbol = valise_symbol_parse ("A/AC.292/2023/WP.2/Rev.1/Add.3");

  g_assert_cmpstr (symbol->base, ==, "A/AC.292/2023/WP.2");
  g_assert_cmpstr (symbol->parent, ==, "A/AC.292/2023/WP.2/Rev.1");
  g_assert_true (symbol->modified);
  g_assert_cmpint (symbol->modifier, ==, VALISE_SYMBOL_ADDENDUM);
  g_assert_cmpuint (symbol->modifier_number, ==, 3);
}

static void
a_kind_and_a_link_follow (void)
{
  static const Pair        kinds[] = { { "A/RES/77/37", "resolution" },
                                       { "A/DEC/74/544", "decision" },
                                       { "A/AC.292/2023/WP.2", "working-paper" },
                                       { "A/AC.292/2025/INF/5/Rev.1", "note" },
                                       { "A/C.1/77/L.73", "paper" },
                                       { "A/77/275", NULL } };
  g_autoptr (ValiseSymbol) resumed = valise_symbol_parse ("A/79/PV.55 (Resumption 1)");
  g_autofree char         *link = valise_symbol_dup_link (resumed, "fr");

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autoptr (ValiseSymbol) symbol = valise_symbol_parse (kinds[i].given);

      g_assert_cmpstr (valise_symbol_get_kind (symbol), ==, kinds[i].normal);
    }

  g_assert_cmpstr (link, ==, "https://docs.un.org/fr/A/79/PV.55%20(Resumption%201)");
}

static void
assert_found (const char *text, const char *expected)
{
  g_autoptr (GPtrArray) spans = valise_symbol_find_in_text (text);
  g_autoptr (GString)   found = g_string_new (NULL);
  gsize                 last = 0;

  for (guint i = 0; i < spans->len; i++)
    {
      const ValiseSymbolSpan *span = g_ptr_array_index (spans, i);

      g_assert_cmpuint (span->start, >=, last);
      g_assert_cmpuint (span->end, >, span->start);
      g_assert_cmpuint (span->end, <=, strlen (text));
      last = span->end;
      g_string_append_printf (found, "%s%.*s=%s", found->len > 0 ? "; " : "",
                              (int) (span->end - span->start), text + span->start, span->symbol);
    }

  g_assert_cmpstr (found->str, ==, expected);
}

static void
symbols_are_found_in_prose (void)
{
  assert_found ("See A/65/201, A/68/98 and A/76/135.",
                "A/65/201=A/65/201; A/68/98=A/68/98; A/76/135=A/76/135");
  assert_found ("adopted (A/79/PV.55 (Resumption 1)) by",
                "A/79/PV.55 (Resumption 1)=A/79/PV.55 (Resumption 1)");
  assert_found ("its resolutions 43/78 H of 7 December 1988, 53/70 of 4 December 1998 and 54/49;"
                " half, 1/2",
                "43/78 H=A/RES/43/78 H; 53/70=A/RES/53/70; 54/49=A/RES/54/49");
  assert_found ("General Assembly Resolution 77/37, the proposed 24/7 service and/or A/4 paper",
                "77/37=A/RES/77/37");
  assert_found ("pursuant to resolution 75/240. In 1/2 of cases", "75/240=A/RES/75/240");
  assert_found ("قرارها 75/240 المؤرخ", "75/240=A/RES/75/240");
  assert_found ("根据大会第77/37号决议提交", "77/37=A/RES/77/37");
  assert_found ("de la résolution\u00a077/37 et", "77/37=A/RES/77/37");
  assert_found ("A/RES/77/37 A programme of", "A/RES/77/37=A/RES/77/37");
  assert_found ("https://example.org/A/RES/77/37 x", "");
  assert_found ("XA/RES/77/37 and BA/77/5", "");
  assert_found ("Universal Declaration (A/RES/217 A (III)).",
                "A/RES/217 A (III)=A/RES/217 A (III)");
  assert_found ("(见A/77/275)", "A/77/275=A/77/275");
  assert_found ("", "");
  assert_found ("A/", "");
  assert_found ("\xff A/77/5", "");
}

static void
the_symbols_of_real_resolutions_are_taken (void)
{
  const char      *shared = g_getenv ("VALISE_SHARED");
  g_autofree char *path =
      g_build_filename (shared != NULL ? shared : "", "corpus", "symbols.txt", NULL);
  g_autofree char *contents = NULL;
  g_auto (GStrv)   lines = NULL;
  guint            taken = 0;
  guint            total = 0;

  if (!g_file_get_contents (path, &contents, NULL, NULL))
    {
      g_test_skip ("no corpus: set VALISE_SHARED");
      return;
    }

  lines = g_strsplit (contents, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_autoptr (ValiseSymbol) symbol = NULL;

      if (*g_strstrip (lines[i]) == '\0')
        continue;

      total++;
      symbol = valise_symbol_parse (lines[i]);
      if (symbol != NULL)
        taken++;
      else
        g_test_message ("refused: %s", lines[i]);
    }

  g_test_message ("%u of %u taken", taken, total);
  g_assert_cmpuint (total, >, 2000);
  g_assert_cmpuint (taken * 1000, >=, total * 998);
}

#define ADD(test) g_test_add_func ("/symbol/" #test, test)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD (a_symbol_is_taken_apart);
  ADD (the_normal_form_is_one_for_all_spellings);
  ADD (what_is_no_symbol_is_refused);
  ADD (an_overlong_text_is_no_symbol);
  ADD (numbers_sort_by_value);
  ADD (modifiers_relate_documents);
  ADD (a_base_and_a_parent_are_told);
  ADD (a_kind_and_a_link_follow);
  ADD (symbols_are_found_in_prose);
  ADD (the_symbols_of_real_resolutions_are_taken);

  return g_test_run ();
}
