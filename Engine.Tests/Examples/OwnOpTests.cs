namespace Engine.Tests.Examples;

/// <summary>The example of operations of one's own.</summary>
[Category("Slow")]
public sealed class OwnOpTests
{
    /// <summary>
    /// Catches: a gradient that differs, a network that does not learn, a reversed gradient that is not reversed, text that changes from
    /// run to run.
    /// </summary>
    [Test]
    public void ChecksGradientsLearnsAndFindsTheSaddlePoint()
    {
        Command run = Command.Run("own-op");
        Assert.That((run.ExitCode, run.Error), Is.EqualTo((0, "")));
        Assert.That(run.Output, Does.Contain("agrees in 12 derivatives").And.Contain("agrees in 24 derivatives"));
        Assert.That(run.Output, Does.Not.Contain("DIFFERS"));
        Assert.That(run.Output, Does.Contain("step 200").And.Contain("a = 0.8000, b = 0.4000"));
        Assert.That(Command.Run("own-op").Output, Is.EqualTo(run.Output));
    }
}
