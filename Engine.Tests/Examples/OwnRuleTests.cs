namespace Engine.Tests.Examples;

/// <summary>The example of a rule of one's own.</summary>
[Category("Slow")]
public sealed class OwnRuleTests
{
    /// <summary>
    /// Catches: a rule by hand that differs from the built-in one, a missing formula or explanation, text that changes between runs.
    /// </summary>
    [Test]
    public void It_shows_the_formula_the_same_bits_and_the_next_step()
    {
        Command run = Command.Run("own-rule");
        Assert.That((run.ExitCode, run.Error), Is.EqualTo((0, "")));
        Assert.That(run.Output, Does.Contain("v ← α·v + (1 − α)·g²").And.Contain("θ ← θ − η·g/(√v + ε)"));
        Assert.That(run.Output, Does.Contain("the same bits as the built-in RmsProp"));
        Assert.That(run.Output, Does.Contain("update 101 of 'x', element 0"));
        Assert.That(Command.Run("own-rule").Output, Is.EqualTo(run.Output));
    }
}
