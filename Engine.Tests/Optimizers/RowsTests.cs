using System.Text.Json;

namespace Engine.Tests.Optimizers;

/// <summary>Steps of some rows.</summary>
public sealed class RowsTests
{
    private static IReadOnlyList<RuleRow> Rules => RuleTable.Rows;

    private static readonly WeightDecay[] s_decays = [WeightDecay.None, WeightDecay.L2(0.1), WeightDecay.Decoupled(0.1),
        WeightDecay.Independent(0.01)];

    /// <summary>Catches: a second formula for rows, a row at the wrong place, a scalar of another step.</summary>
    [TestCaseSource(nameof(Rules))]
    public void AllRowsAreTheDenseStepBitForBit(RuleRow row)
    {
        RuleCase rule = row.Rule.With(s_decays[Rules.ToList().IndexOf(row) % s_decays.Length]);
        Parameter<float> dense = New(), sparse = New();
        Optimizer<float> one = new() { Clip = GradientClip.ByValue(0.7), Maximize = true },
            other = new() { Clip = one.Clip, Maximize = true };
        rule.AddTo(one, [dense]);
        rule.AddTo(other, [sparse]);
        int[] order = [3, 0, 4, 1, 2];
        for (int t = 1; t <= 4; t++)
        {
            float[] gradient = Numbers(5 * 7, t);
            dense.SetGradient(Tensor<float>.From(gradient, [5, 7]));
            one.Step();
            other.StepRows(sparse, order, Tensor<float>.From([.. order.SelectMany(r => gradient.AsSpan(r * 7, 7).ToArray())], [5, 7]));
            Assert.That(sparse.Value.ToArray(), Is.EqualTo(dense.Value.ToArray()).AsCollection, $"step {t}");
        }
        Assert.That(other.SaveState().Parameters["e"].Arrays.Select(a => a.Value.ToArray()),
            Is.EqualTo(one.SaveState().Parameters["e"].Arrays.Select(a => a.Value.ToArray())).AsCollection);
    }

    /// <summary>Catches: decay or momentum that moves what has no gradient, a write beyond a row.</summary>
    [TestCaseSource(nameof(Rules))]
    public void OtherRowsKeepTheirBits(RuleRow row)
    {
        Parameter<float> p = New();
        Optimizer<float> optimizer = new();
        row.Rule.With(WeightDecay.Decoupled(0.1)).AddTo(optimizer, [p]);
        optimizer.StepRows(p, [0, 1, 2, 3, 4], Tensor<float>.From(Numbers(35, 1), [5, 7]));
        float[] value = p.Value.ToArray();
        Dictionary<string, float[]> state = State();
        optimizer.StepRows(p, [3, 1], Tensor<float>.From(Numbers(14, 2), [2, 7]));
        Check(p.Value.ToArray(), value, "value");
        foreach ((string name, float[] now) in State())
        {
            Check(now, state[name], name, moves: false);
        }

        Dictionary<string, float[]> State() =>
            optimizer.SaveState().Parameters["e"].Arrays.ToDictionary(a => a.Key, a => a.Value.ToArray());

        static void Check(float[] now, float[] before, string what, bool moves = true)
        {
            foreach (int r in new[] { 0, 2, 4 })
            {
                Assert.That(now.AsSpan(r * 7, 7).SequenceEqual(before.AsSpan(r * 7, 7)), $"{what}, row {r}");
            }
            Assert.That(!moves || !now.AsSpan(21, 7).SequenceEqual(before.AsSpan(21, 7)), what);
        }
    }

    /// <summary>Catches: a row that is stepped twice instead of once with the sum, a sum in an order that depends on other rows.</summary>
    [Test]
    public void ARowGivenTwiceIsStepedOnceWithTheSum()
    {
        Parameter<float> twice = New(), once = New(), apart = New();
        Optimizer<float>[] optimizers = [.. new[] { twice, once, apart }.Select(p => Optimizer.For(new Adam(), [p]))];
        float[] a = Numbers(7, 1), b = Numbers(7, 2), c = Numbers(7, 3), d = Numbers(7, 4),
            sum = [.. Enumerable.Range(0, 7).Select(i => a[i] + b[i] + c[i])];
        optimizers[0].StepRows(twice, [2, 2, 0, 2], Tensor<float>.From([.. a, .. b, .. d, .. c], [4, 7]));
        optimizers[1].StepRows(once, [0, 2], Tensor<float>.From([.. d, .. sum], [2, 7]));
        optimizers[2].StepRows(apart, [2, 0, 2, 2], Tensor<float>.From([.. a, .. d, .. b, .. c], [4, 7]));
        Assert.That(twice.Value.ToArray(), Is.EqualTo(once.Value.ToArray()).AsCollection);
        Assert.That(apart.Value.ToArray(), Is.EqualTo(once.Value.ToArray()).AsCollection);
    }

    /// <summary>
    /// Catches: a count for each row, decay of what has no gradient. PyTorch's SparseAdam adds ε to the uncorrected root; with ε scaled by
    /// the correction that is Adam.
    /// </summary>
    [Test]
    public void FollowsPyTorchsSparseAdam([Values] bool inFloat)
    {
        JsonElement trajectory = Golden.Cases("optimizers.json").Single(json => json.GetProperty("optimizer").GetString() == "SparseAdam");
        if (inFloat)
        {
            Follow<float>(trajectory, 2e-5);
        }
        else
        {
            Follow<double>(trajectory, 1e-10);
        }
    }

    private static void Follow<T>(JsonElement trajectory, double tolerance) where T : unmanaged, System.Numerics.IFloatingPointIeee754<T>
    {
        Parameter<T> p = new("e", GoldenTrajectories.Tensors<T>(trajectory.GetProperty("initial")).Single());
        Optimizer<T> optimizer = Optimizer.For(
            new Adam
            {
                LearningRate = trajectory.GetProperty("hyper").GetProperty("lr").ToDouble(),
                Epsilon = Schedule.Function(u => 1e-8 / Math.Sqrt(1 - Math.Pow(0.999, u + 1)))
            }, [p]);
        foreach (JsonElement step in trajectory.GetProperty("steps").EnumerateArray())
        {
            optimizer.StepRows(p, step.GetProperty("rows").ToInts(), step.GetProperty("values").ToTensor<T>());
            Compare.Close(p.Value, GoldenTrajectories.Tensors<double>(step.GetProperty("params")).Single(), tolerance, "e");
        }
    }

    /// <summary>Catches: clipping that is left out for rows, or takes the norm before rows given twice are added up.</summary>
    [Test]
    public void ClippingTakesTheNormOfTheRowsAddedUp()
    {
        Parameter<double> p = new("e", Tensor<double>.Zeros([3, 1]));
        Optimizer<double> optimizer = Optimizer.For(new Sgd { LearningRate = 1 }, [p]);
        optimizer.Clip = GradientClip.ByNorm(1);
        optimizer.StepRows(p, [1, 1, 2], Tensor<double>.From([1, 2, 4], [3, 1]));
        Assert.That(p.Value.ToArray(), Is.EqualTo(new[] { 0, -0.6, -0.8 }).Within(1e-6));
    }

    [Test]
    public void WhatDoesNotFitIsNamedAndChangesNothing()
    {
        Parameter<double> p = new("e", Tensor<double>.Zeros([3, 2])), v = new("v", Tensor<double>.Zeros([3])),
            m = new("m", Tensor<double>.Zeros([3, 2])), foreign = new("f", Tensor<double>.Zeros([3, 2]));
        Optimizer<double> optimizer = Optimizer.For(new Momentum(), [p, v]);
        optimizer.AddGroup(new Muon(), [m]);
        Tensor<double> one = Tensor<double>.Full([1, 2], 1);
        Assert.That(() =>
            optimizer.StepRows(p, [3], one),
                Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("row 3").And.Message.Contains("'e'"));
        Assert.That(() => optimizer.StepRows(p, [-1], one), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() =>
            optimizer.StepRows(p, [0, 1], one), Throws.ArgumentException.With.Message.Contains("[1, 2]").And.Message.Contains("[2, 2]"));
        Assert.That(() =>
            optimizer.StepRows(v, [0], Tensor<double>.Full([1], 1)), Throws.ArgumentException.With.Message.Contains("two or more"));
        Assert.That(() => optimizer.StepRows(foreign, [0], one), Throws.ArgumentException.With.Message.Contains("'f'"));
        Assert.That(() => optimizer.StepRows(m, [0], one), Throws.InvalidOperationException.With.Message.Contains("Muon"));
        Assert.That(() => optimizer.StepRows(m, [], Tensor<double>.Zeros([0, 2])), Throws.InvalidOperationException, "rows or none");
        optimizer.NonFinite = NonFinite.Throw;
        Assert.That(() => optimizer.StepRows(m, [0], Tensor<double>.Full([1, 2], double.NaN)), Throws.InvalidOperationException);
        Assert.That(() => optimizer.StepRows(p, [0], Tensor<double>.Full([1, 2], double.NaN)), Throws.InstanceOf<ArithmeticException>());
        optimizer.NonFinite = NonFinite.Skip;
        optimizer.StepRows(p, [0], Tensor<double>.Full([1, 2], double.NaN));
        optimizer.StepRows(p, [], Tensor<double>.Zeros([0, 2]));
        Assert.That(optimizer.Report.NonFiniteSteps, Is.EqualTo(1));
        Assert.That(p.Value.ToArray().Concat(m.Value.ToArray()), Is.All.Zero);
        Assert.That(optimizer.SaveState().Parameters["e"].Step, Is.Zero);
    }

    [Test]
    public void AWarmStepAllocatesNothing()
    {
        Parameter<float> p = New();
        Optimizer<float> optimizer = Optimizer.For(new Adam(), [p]);
        Tensor<float> gradients = Tensor<float>.From(Numbers(21, 1), [3, 7]);
        int[] rows = [4, 1, 4];
        optimizer.StepRows(p, rows, gradients);
        long before = GC.GetAllocatedBytesForCurrentThread();
        optimizer.StepRows(p, rows, gradients);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    private static Parameter<float> New() => new("e", Tensor<float>.From(Numbers(35, 99), [5, 7]));

    private static float[] Numbers(int n, int seed)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, n).Select(_ => (float)((2 * random.NextDouble()) - 1))];
    }
}
