/* test-akn-reader.c - Akoma Ntoso that the corpus does not show
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <glib.h>
#include <string.h>

#include "valise-akn-meta.h"
#include "valise-reader.h"

/* A resolution of which only @body is given: what stands after the preface. */
static ValiseReading *
read_body (const char *body)
{
  g_autofree char *text = g_strdup_printf (
      "<akomaNtoso xmlns='http://docs.oasis-open.org/legaldocml/ns/akn/3.0'><statement "
      "name='resolution'>"
      "<meta/><preface><p><docNumber>79/1.</docNumber><docTitle><span class='bold'>\tThe "
      "Pact</span>"
      "</docTitle></p></preface>%s</statement></akomaNtoso>",
      body);
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (GError) error = NULL;
  ValiseReading     *reading = valise_reader_read (bytes, "file.xml", &error);

  g_assert_no_error (error);

  return reading;
}

static void
assert_reading (const ValiseReading *reading, const char *expected)
{
  g_autoptr (GString) found = g_string_new (NULL);

  for (guint i = 0; i < reading->paragraphs->len; i++)
    {
      const ValiseParagraph *p = g_ptr_array_index (reading->paragraphs, i);

      g_assert_true (valise_markup_is_valid (p->text));
      g_string_append_printf (found, "%s%s|%s|%s", i > 0 ? "; " : "", p->key,
                              p->number != NULL ? p->number : "-", p->text);
    }

  g_assert_cmpstr (found->str, ==, expected);
}

static void
annexes_headings_and_lists_are_read (void)
{
  g_autoptr (ValiseReading) reading = read_body (
      "<mainBody><paragraph class='H1'><heading>\t\tThe Pact</heading></paragraph>"
      "<paragraph><num>1.</num><content><p>\tWe pledge.</p></content></paragraph>"
      "<paragraph class='H23'><num>I.</num><content><p><span "
      "class='bold'>Peace</span></p></content></paragraph>"
      "<paragraph><num>2.</num><content><p>We act.</p></content></paragraph></mainBody>"
      "<attachments><attachment><heading>Annex I</heading><doc name='annex'><mainBody>"
      "<paragraph class='H23'><subheading>Objectives</subheading></paragraph>"
      "<paragraph><num>1.</num><content><p>As follows:</p></content></paragraph>"
      "<paragraph><content><p>\t(a)\tOne;</p></content></paragraph></mainBody></doc></attachment>"
      "<attachment><doc "
      "name='annex'><mainBody><paragraph><num>1.</num><content><p>Other.</p></content>"
      "</paragraph></mainBody></doc></attachment></attachments>");

  g_assert_cmpstr (reading->symbol, ==, "A/RES/79/1");
  g_assert_cmpstr (reading->title, ==, "The Pact");
  assert_reading (reading,
                  "t|-|The Pact; h1|-|The Pact; o1|1|We pledge.; h2|-|I. Peace; o2|2|We act.; "
                  "a1.h1|-|Annex I; a1.h2|-|Objectives; a1.o1|annex I, 1|As follows:; "
                  "a1.o1.a|annex I, 1 (a)|One;; a2.o1|annex II, 1|Other.");
  g_assert_cmpuint (valise_reading_find (reading, "h2")->level, ==, 1);
}

static void
tables_keep_their_words (void)
{
  g_autoptr (ValiseReading) reading = read_body (
      "<mainBody><paragraph><num>1.</num><content><p>Rates:</p><table><tr><th><p>State</p></th>"
      "<th><p>Share</p></th></tr><tr><td><p>Kestria</p></td><td><p>0.<b>5</b></p></td></tr>"
      "</table></content></paragraph></mainBody>");

  assert_reading (reading,
                  "t|-|The Pact; o1|1|Rates:; b1|-|State\tShare; b2|-|Kestria\t0.<b>5</b>");
}

static void
unknown_elements_are_looked_through (void)
{
  g_autoptr (ValiseReading) reading = read_body (
      "<mainBody><novelty><paragraph><num>Article 3</num><content><p>Is "
      "<blink>kept</blink>.</p></content>"
      "</paragraph>Stray words.</novelty><other><p>And <i>these</i>.</p></other></mainBody>");

  g_assert_cmpuint (reading->paragraphs->len, ==, 3);
  assert_reading (reading,
                  "t|-|The Pact; x1|-|Article 3 Is kept. Stray words.; x2|-|And <i>these</i>.");
}

static void
inline_styles_and_notes_become_markup (void)
{
  g_autoptr (ValiseReading) reading =
      read_body ("<mainBody><paragraph><num>1.</num><content><p>\n  <span class='bold "
                 "italic'>\tNotes </span>a &lt; b"
                 "<sup>(</sup><authorialNote marker='١'><p>\t()\tSee <a "
                 "href='https://undocs.org/ar/A/77/5'>A/77/5</a>."
                 "</p></authorialNote><sup>)</sup>\n , "
                 "m<sup>2</sup>,<eol/>x<u>y</u>;</p></content></paragraph></mainBody>");

  assert_reading (
      reading, "t|-|The Pact; o1|1|<b><i>Notes</i></b> a &lt; b<note ref=\"1\"/>, m<sup>2</sup>,\n"
               "x<u>y</u>;; n1|1|See A/77/5.");
  g_assert_cmpuint (reading->references->len, ==, 1);
  g_assert_cmpstr (g_ptr_array_index (reading->references, 0), ==, "A/77/5");
}

static void
parentheses_turned_by_arabic_are_mended (void)
{
  g_autoptr (ValiseReading) reading = read_body (
      "<mainBody><p>عقد (2016-2025(<sup>)</sup><authorialNote marker='3'><p>x</p></authorialNote>"
      "<sup>)</sup> ثم العهد(<sup>)</sup><authorialNote marker='4'><p>y</p></authorialNote>"
      "<sup>)</sup>.</p></mainBody>");

  assert_reading (reading,
                  "t|-|The Pact; x1|-|عقد (2016-2025)<note ref=\"3\"/> ثم العهد<note ref=\"4\"/>.; "
                  "n3|3|x; n4|4|y");
}

static void
notes_without_a_usable_marker_are_counted (void)
{
  g_autoptr (ValiseReading) reading =
      read_body ("<mainBody><p>a<authorialNote marker='&quot;/&gt;'><p>x</p></authorialNote> b"
                 "<authorialNote><p>y</p><p>z</p></authorialNote></p></mainBody>");

  assert_reading (reading,
                  "t|-|The Pact; x1|-|a<note ref=\"1\"/> b<note ref=\"2\"/>; n1|1|x; n2|2|y\nz");
}

static void
the_number_in_the_words_wins_over_a_wrong_one (void)
{
  g_autoptr (ValiseReading) reading =
      read_body ("<mainBody><paragraph><num>1.</num><content><p>1.\tOnce.</p></content></paragraph>"
                 "<paragraph><num>7.</num><content><p>2.\tTwice.</p></content></paragraph>"
                 "<paragraph><num>3.</num><content><p>(a) Item first;</p></content></paragraph>"
                 "</mainBody>");

  assert_reading (reading, "t|-|The Pact; o1|1|Once.; o2|2|Twice.; o3|3|(a) Item first;");
}

static void
sponsors_are_parted_by_commas_and_the_last_and (void)
{
  static const struct
  {
    const char *by;
    const char *names;
  } cases[] = {
    { "Albania, Chile and Zambia", "Albania|Chile|Zambia" },
    { "Bolivia (Plurinational State of) and Ecuador", "Bolivia (Plurinational State of)|Ecuador" },
    { "Bosnia and Herzegovina", "Bosnia and Herzegovina" },
    { "Cuba (on behalf of the Group of 77 and China)",
      "Cuba (on behalf of the Group of 77 and China)" },
    { "Fiji, United Kingdom of Great Britain and Northern Ireland and Uruguay",
      "Fiji|United Kingdom of Great Britain and Northern Ireland|Uruguay" },
    { "Algeria,  Pakistan, and Trinidad and Tobago", "Algeria|Pakistan|Trinidad and Tobago" },
    { "submitted by the Vice-Chair of the Committee, Ana Ro, on the basis of consultations",
      "the Vice-Chair of the Committee, Ana Ro, on the basis of consultations" },
    { "", "" },
    { "((,", "((," },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
      g_autofree char      *joined = NULL;

      valise_akn_split_sponsors (cases[i].by, names);
      g_ptr_array_add (names, NULL);
      joined = g_strjoinv ("|", (char **) names->pdata);
      g_assert_cmpstr (joined, ==, cases[i].names);
    }
}

#define ADD(test) g_test_add_func ("/akn-reader/" #test, test)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD (annexes_headings_and_lists_are_read);
  ADD (tables_keep_their_words);
  ADD (unknown_elements_are_looked_through);
  ADD (inline_styles_and_notes_become_markup);
  ADD (parentheses_turned_by_arabic_are_mended);
  ADD (notes_without_a_usable_marker_are_counted);
  ADD (the_number_in_the_words_wins_over_a_wrong_one);
  ADD (sponsors_are_parted_by_commas_and_the_last_and);

  return g_test_run ();
}
