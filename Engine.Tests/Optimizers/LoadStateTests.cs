using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Engine.Tests.Optimizers;

/// <summary>A state that cannot be loaded is refused before anything has changed.</summary>
public sealed class LoadStateTests
{
    private static readonly Dictionary<string, double> s_noScalars = [];

    private static Dictionary<string, Tensor<double>> Arrays(Tensor<double> m) => new() { ["exp_avg"] = m, ["exp_avg_sq"] = m };

    private static IEnumerable<TestCaseData> Broken()
    {
        Tensor<double> one = Tensor<double>.From([1.0], [1]);
        yield return Case("a null", null!, "b", "null");
        yield return Case("null rule", new(null!, 1, Arrays(one), s_noScalars), "b", "Rule", "null");
        yield return Case("null arrays", new("Adam", 1, null!, s_noScalars), "b", "Arrays", "null");
        yield return Case("null scalars", new("Adam", 1, Arrays(one), null!), "b", "Scalars", "null");
        yield return Case("a tensor that is missing", new("Adam", 1, Arrays(default), s_noScalars), "b", "exp_avg");
        yield return Case("too many updates", new("Adam", long.MaxValue, Arrays(one), s_noScalars), "b", "9223372036854775807");
        yield return Case("fewer than none", new("Adam", -1, Arrays(one), s_noScalars), "b", "-1");

        static TestCaseData Case(string name, ParameterState<double> b, params string[] words) =>
            new TestCaseData(b, words).SetArgDisplayNames(name);
    }

    /// <summary>Catches: a null that is found out halfway, or loaded; a count that overflows at the next step.</summary>
    [TestCaseSource(nameof(Broken))]
    public void IsNamedAndChangesNothing(ParameterState<double> b, string[] words)
    {
        Optimizer<double> optimizer = Stepped();
        OptimizerState<double> state = new(7, new Dictionary<string, ParameterState<double>>
        {
            ["a"] = new("Adam", 5, Arrays(Tensor<double>.From([9.0], [1])), s_noScalars), ["b"] = b,
        });
        ArgumentException thrown = Assert.Throws<ArgumentException>(() => optimizer.LoadState(state))!;
        Assert.That(words, Is.All.Matches<string>(word => thrown.Message.Contains(word!, StringComparison.Ordinal)), thrown.Message);
        IsUnchanged(optimizer);
    }

    /// <summary>Catches: tensors that are copied into the optimizer one by one, until one of them throws.</summary>
    [Test]
    public void AnArrayThatCannotBeReadChangesNothing([Values] StateMatch match)
    {
        Optimizer<double> optimizer = Stepped();
        Tape<double> tape = new();
        Tensor<double> expired;
        Parameter<double> p = new("p", Tensor<double>.From([1.0], [1]));
        using (tape.Record())
        {
            expired = p.Value * 2;
        }
        using (tape.Record())
        {
            _ = p.Value * 3;
        }
        OptimizerState<double> state = new(7, new Dictionary<string, ParameterState<double>>
        {
            ["a"] = new("Adam", 5, Arrays(Tensor<double>.From([9.0], [1])), s_noScalars),
            ["b"] = new("Adam", 5, Arrays(expired), s_noScalars),
        });
        Assert.That(() => optimizer.LoadState(state, match), Throws.InvalidOperationException);
        IsUnchanged(optimizer);
        OptimizerState<double> hostile = new(7, new Dictionary<string, ParameterState<double>>
        {
            ["a"] = state.Parameters["a"], ["b"] = new("Adam", 5, state.Parameters["a"].Arrays, new Hostile()),
        });
        Assert.That(() => optimizer.LoadState(hostile, match), Throws.InstanceOf<InvalidOperationException>());
        IsUnchanged(optimizer);
    }

    /// <summary>Catches: a match that is neither, and is treated as the lenient one.</summary>
    [Test]
    public void AMatchThatIsNoneIsRefused() => Assert.That(() => Stepped().LoadState(Stepped().SaveState(), (StateMatch)7),
        Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("7").And.Message.Contains("Strict"));

    /// <summary>Catches: a number of steps that overflows at the next.</summary>
    [Test]
    public void AStateOfTooManyStepsIsRefused() => Assert.That(
        () => new OptimizerState<double>(long.MaxValue, new Dictionary<string, ParameterState<double>>()),
        Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("9007199254740992"));

    private static Optimizer<double> Stepped()
    {
        Parameter<double> a = new("a", Tensor<double>.From([1.0], [1])), b = new("b", Tensor<double>.From([2.0], [1]));
        Optimizer<double> optimizer = Optimizer.For(new Adam { Beta1 = 0 }, [a, b]);
        a.SetGradient(Tensor<double>.From([1.0], [1]));
        b.SetGradient(Tensor<double>.From([1.0], [1]));
        optimizer.Step();
        return optimizer;
    }

    private static void IsUnchanged(Optimizer<double> optimizer)
    {
        OptimizerState<double> now = optimizer.SaveState();
        Assert.That(now.Steps, Is.EqualTo(1));
        Assert.That(now.Parameters.Values.Select(p => (p.Step, p.Arrays["exp_avg"].Item)), Is.All.EqualTo((1L, 1.0)));
    }

    /// <summary>Numbers that throw when they are counted.</summary>
    private sealed class Hostile : IReadOnlyDictionary<string, double>
    {
        public int Count => throw new InvalidOperationException();

        public IEnumerable<string> Keys => throw new InvalidOperationException();

        public IEnumerable<double> Values => throw new InvalidOperationException();

        public double this[string key] => throw new InvalidOperationException();

        public bool ContainsKey(string key) => throw new InvalidOperationException();

        public bool TryGetValue(string key, [MaybeNullWhen(false)] out double value) => throw new InvalidOperationException();

        public IEnumerator<KeyValuePair<string, double>> GetEnumerator() => throw new InvalidOperationException();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
