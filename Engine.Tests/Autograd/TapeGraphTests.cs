namespace Engine.Tests;

/// <summary>The recording as text.</summary>
internal sealed class TapeGraphTests
{
    private static Tape<double> Recorded(out Parameter<double> w)
    {
        w = new("layer.w", Tensor<double>.From(3, 4));
        Tape<double> tape = new();
        using (tape.Record())
        {
            Tensor<double> y = (w.Value * Tensor<double>.From(1, 2)).Sum();
            tape.Backward(y);
        }
        return tape;
    }

    /// <summary>An edge that is missing or reversed, a parameter that is drawn twice, a norm of another gradient.</summary>
    [Test]
    public void Mermaid() => Assert.That(
        Recorded(out _).ToMermaid().ReplaceLineEndings("\n"),
        Is.EqualTo("""
            flowchart TD
              n0["Multiply [2], ‖g‖ = 1.414"]
              leaf0(["layer.w [2], ‖g‖ = 2.236"])
              leaf0 --> n0
              leaf1[/"constant [2]"/]
              leaf1 --> n0
              n1["Sum [], ‖g‖ = 1"]
              n0 --> n1

            """.ReplaceLineEndings("\n")));

    /// <summary>A name that ends the label, opens a tag or an entity, or breaks the line.</summary>
    [Test]
    public void Names_are_text()
    {
        Parameter<double> w = new("a\"<b>#1;&\n\\", Tensor<double>.From(3, 4));
        Tape<double> tape = new();
        using (tape.Record())
        {
            _ = w.Value.Sum();
        }
        Assert.That(tape.ToMermaid(), Does.Contain("leaf0([\"a#34;#60;b#62;#35;1;#38;#10;\\ [2]\"])"));
        Assert.That(tape.ToDot(), Does.Contain("leaf0 [label=\"a\\\"<b>#1;&\\n\\\\ [2]\""));
    }

    [Test]
    public void Dot() => Assert.That(
        Recorded(out _).ToDot().ReplaceLineEndings("\n"),
        Is.EqualTo("""
            digraph tape {
              n0 [label="Multiply [2], ‖g‖ = 1.414", shape=box];
              leaf0 [label="layer.w [2], ‖g‖ = 2.236", shape=ellipse];
              leaf0 -> n0;
              leaf1 [label="constant [2]", shape=plaintext];
              leaf1 -> n0;
              n1 [label="Sum [], ‖g‖ = 1", shape=box];
              n0 -> n1;
            }

            """.ReplaceLineEndings("\n")));
}
