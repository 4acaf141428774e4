using Kippu.Cli.Output;

namespace Kippu.Cli.Tests.Output;

public sealed class LineTests
{
    private static readonly string s_hash = new('a', 64);

    [Fact]
    public void What_fits_is_left_as_it_is() => Assert.Equal(["name  a value"], Wrap(new Line("name  ").HangHere().Add("a value"), 13));

    [Fact]
    public void A_value_goes_on_below_its_beginning() =>
        Assert.Equal(["  name    one two three four", "          five six seven"], Wrap(new Line("  name    ").HangHere().Add("one two three four five six seven"), 30));

    [Fact]
    public void A_line_that_does_not_say_where_goes_on_further_in() =>
        Assert.Equal(["  one two three four five", "      six seven eight"], Wrap(new Line("  one two three four five six seven eight"), 27));

    [Fact]
    public void A_word_without_room_below_the_others_gets_a_line_of_its_own() =>
        Assert.Equal(["  SHA-256", "      " + s_hash, "               ends"], Wrap(new Line("  SHA-256      ").HangHere().Add(s_hash + " ends"), 72));

    [Fact]
    public void The_last_cell_of_a_row_is_not_torn_where_no_column_is_left_below_it() =>
        Assert.Equal(["  key   published  2026-11-25", "      2026-11-26 16:20Z"], Wrap(new Line("  key   published  2026-11-25  ").HangHere().Add("2026-11-26 16:20Z"), 40));

    [Fact]
    public void A_word_without_room_anywhere_is_whole() =>
        Assert.Equal(["  SHA-256", "      " + s_hash], Wrap(new Line("  SHA-256      ").HangHere().Add(s_hash), 40));

    [Fact]
    public void Tones_stay_with_their_words()
    {
        var lines = new Line("name  ", Tone.Quiet).HangHere().Add("one two ", Tone.Good).Add("three four five", Tone.Bad).Wrap(26).ToArray();

        Assert.Equal([("name  ", Tone.Quiet), ("one two ", Tone.Good), ("three four", Tone.Bad)], lines[0].Pieces);
        Assert.Equal([("      ", Tone.Plain), ("five", Tone.Bad)], lines[1].Pieces);
    }

    [Fact]
    public void Nothing_is_lost_at_any_width()
    {
        var line = new Line("  early data  ").HangHere().Add("up to 4096 bytes; each first flight once, and once on every other node");
        foreach (var width in Enumerable.Range(1, 90))
        {
            Assert.Equal(Words(line.ToString()), Words(string.Join(' ', Wrap(line, width))));
        }
    }

    private static string[] Wrap(Line line, int width) => [.. line.Wrap(width).Select(part => part.ToString())];

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
