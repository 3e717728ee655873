using System.Text;
using Examples.Characters;

namespace Engine.Tests.Examples;

/// <summary>The character model and the counts that it is compared with.</summary>
public sealed class CharacterTests
{
    /// <summary>
    /// Catches: a piece that is in both parts, an answer that is not the next character, numbers that are not those of the text.
    /// </summary>
    [Test]
    public void Pieces_are_the_text_and_the_answers_are_one_character_further()
    {
        string text = string.Concat(Enumerable.Range(0, 101).Select(i => "θabc😀\n"[i % 3]));
        CharacterText pieces = new(text, 10);
        Assert.That((pieces.TrainPieces.Count, pieces.TestPieces.Count, pieces.SymbolCount), Is.EqualTo((9, 1, 3)));
        string read = string.Concat(
            pieces.TrainPieces.Concat(pieces.TestPieces).Select(piece => pieces.Decode(piece[..10])));
        Assert.That(read, Is.EqualTo(text[..100]));
        Dataset<float> data = pieces.ToDataset(pieces.TestPieces);
        Assert.That(pieces.Decode(data.Inputs.ToArray().Select(code => (int)code)), Is.EqualTo(text[90..100]));
        Assert.That(pieces.Decode(data.Targets.ToArray().Select(code => (int)code)), Is.EqualTo(text[91..101]));
        Assert.That(pieces.Code(new Rune('a')), Is.Zero, "in the order of the code points");
        Assert.That(() => new CharacterText("short", 10), Throws.ArgumentException.With.Message.Contains("at least 101"));
    }

    [Test]
    public void A_character_of_two_code_units_is_one()
    {
        CharacterText pieces = new(string.Concat(Enumerable.Repeat("a😀", 20)), 3);
        Assert.That(pieces.SymbolCount, Is.EqualTo(2));
        Assert.That(pieces.Decode([0, 1]), Is.EqualTo("a😀"));
    }

    /// <summary>Catches: counts of the wrong context, probabilities that do not sum to one, bits of the natural logarithm.</summary>
    [Test]
    public void Counts_know_what_follows()
    {
        // after one character of 0 1 0 1 … the next is certain, without it each is as likely
        int[][] pieces = [[.. Enumerable.Range(0, 4001).Select(i => i % 2)]];
        ContextCounts counts = new(pieces, 2, 2);
        Assert.That(counts.Bits(pieces, 0), Is.EqualTo(1).Within(1e-3));
        Assert.That(counts.Bits(pieces, 1), Is.EqualTo(0).Within(3e-3));
        // four times 0 and never 1: (0 + β/2)/(4 + β) and (4 + β/2)/(4 + β), with β = 4
        ContextCounts one = new([[0, 0, 0, 0, 0]], 2, 0);
        Assert.That(one.Bits([[0, 1]], 0), Is.EqualTo(-Math.Log2(4 * 0.5 / 8)).Within(1e-12));
        Assert.That(one.Bits([[0, 0]], 0), Is.EqualTo(-Math.Log2((4 + 4 * 0.5) / 8)).Within(1e-12));
    }

    /// <summary>
    /// Catches: a network that does not see the characters before, a loss of shuffled answers, sampling that ignores the state. The text
    /// needs a memory of several characters, and the model repeats it exactly.
    /// </summary>
    [Test]
    [Category("Slow")]
    public void A_model_learns_a_short_text_by_heart_and_writes_it()
    {
        const string verse = "the mean of the squares, ";
        string text = string.Concat(Enumerable.Repeat(verse, 120));
        CharacterResult result = CharacterTraining.Run(text, new(Seed: 1, Epochs: 40, Hidden: 32, Count: 150, Temperature: 0.1));
        Assert.That(result.Bits, Is.LessThan(0.2).And.LessThan(result.Baselines[1]));
        Assert.That(result.Sample, Does.Contain(verse + verse));
        Assert.That(result.History.Epochs.Max(epoch => epoch.LearningRate),
            Is.GreaterThan(10 * result.History.Epochs[^1].LearningRate), "the rate decays");
    }

    /// <summary>Catches: counts that get worse with more context, a model worse than the frequencies of characters.</summary>
    [Test]
    [Category("Slow")]
    public void On_the_documentation_little_training_beats_the_frequencies_of_characters()
    {
        using TemporaryDirectory folder = new();
        string[] options = ["characters", "--epochs", "1", "--hidden", "16", "--characters", "40", "--output", folder["c.svg"]];
        Command run = Command.Run(options);
        Assert.That((run.ExitCode, run.Error), Is.EqualTo((0, "")));
        double[] bits = [.. run.Output.Split('\n').Where(line => line.StartsWith("| counts", StringComparison.Ordinal)
            || line.StartsWith("| gated", StringComparison.Ordinal))
            .Select(line => double.Parse(line.Split('|')[3], System.Globalization.CultureInfo.InvariantCulture))];
        Assert.That(bits, Has.Length.EqualTo(7));
        Assert.That(bits[..4], Is.Ordered.Descending);
        Assert.That(bits[^1], Is.LessThan(bits[0]));
        Assert.That(run.Output, Does.Contain("Sampled at temperature 0.6:").And.Contain("more than the"));
    }
}
