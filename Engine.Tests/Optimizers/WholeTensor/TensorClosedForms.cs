using MathNet.Numerics.LinearAlgebra;

namespace Engine.Tests.Optimizers;

/// <summary>Steps of rules over tensors that can be worked out by hand, or by another library's decompositions.</summary>
public sealed class TensorClosedForms
{
    /// <summary>Catches: a trust ratio upside down, a norm of the wrong tensor, a step whose length follows the gradient.</summary>
    [Test]
    public void LarsAndLambStepAPartOfTheParametersLength([Values(1e-3, 1, 1e4)] double scale)
    {
        double[] start = [3, -4, 12, 0], gradient = [.. new[] { 1.0, -2, 3, -5 }.Select(g => g * scale)];
        Assert.That(Moved(Optimizer.For(new Lars { LearningRate = 0.1, Momentum = 0, TrustCoefficient = 0.02 }, Matrix(start)), gradient),
            Is.EqualTo(gradient.Select(g => 0.1 * 0.02 * 13 * g / (Math.Sqrt(39) * scale))).Within(1e-15));
        Assert.That(Moved(Optimizer.For(new Lamb { LearningRate = 0.1, Epsilon = 0 }, Matrix(start)), gradient),
            Is.EqualTo(gradient.Select(g => 0.1 * 13 * Math.Sign(g) / 2)).Within(1e-14));
        Assert.That(Moved(Optimizer.For(new Lamb { LearningRate = 0.1, Epsilon = 0, MaxParameterNorm = 10 }, Matrix(start)), gradient),
            Is.EqualTo(gradient.Select(g => 0.1 * 10 * Math.Sign(g) / 2)).Within(1e-14));
    }

    /// <summary>Catches: decay outside the ratio, or the norm of the sum where the paper has the sum of the norms.</summary>
    [Test]
    public void LarsHasDecayInTheRatio()
    {
        double[] start = [3, -4, 12, 0], gradient = [1, -2, 3, -5];
        double r = 0.02 * 13 / (Math.Sqrt(39) + (0.5 * 13));
        Assert.That(
            Moved(Optimizer.For(new Lars { LearningRate = 0.1, Momentum = 0, TrustCoefficient = 0.02, Decay = 0.5 }, Matrix(start)),
                gradient), Is.EqualTo(gradient.Zip(start, (g, θ) => 0.1 * r * (g + (0.5 * θ)))).Within(1e-15));
        double joint = 0.02 * 13 / Math.Sqrt(gradient.Zip(start, (g, θ) => Math.Pow(g + (0.5 * θ), 2)).Sum());
        Assert.That(
            Moved(Optimizer.For(
                new Lars { LearningRate = 0.1, Momentum = 0, TrustCoefficient = 0.02, Decay = 0.5, DecayInsideNorm = true },
                    Matrix(start)), gradient), Is.EqualTo(gradient.Zip(start, (g, θ) => 0.1 * joint * (g + (0.5 * θ)))).Within(1e-15));
    }

    /// <summary>
    /// Catches: rows taken for columns, means taken for sums: of a gradient r·cᵀ the factored square is exact, so that the first step is
    /// the sign's, α times.
    /// </summary>
    [Test]
    public void AdafactorIsExactOnRankOne()
    {
        double[] start = [3, -4, 12, 0, 5, 1], gradient = [.. from r in new[] { 2.0, -3 } from c in new[] { 0.5, -7, 11 } select r * c];
        Parameter<double> p = new("p", Tensor<double>.From(start, [2, 3]));
        double α = 0.01 * Math.Sqrt(start.Sum(v => v * v) / 6);
        Assert.That(Moved(Optimizer.For(new Adafactor { LearningRate = 0.01 }, [p]), gradient),
            Is.EqualTo(gradient.Select(g => α * Math.Sign(g))).Within(1e-14));
    }

    /// <summary>Catches: axes mixed up where there are more than two: each matrix of the last two axes is by itself.</summary>
    [Test]
    public void AdafactorTakesTheLastTwoAxes()
    {
        double[] gradient = [.. Enumerable.Range(0, 12).Select(i => Math.Sin(i + 1))];
        Adafactor rule = new() { MultiplyByParameterScale = false, ClippingThreshold = double.MaxValue };
        Parameter<double> cube = new("c", Tensor<double>.Zeros([2, 2, 3])), first = new("f", Tensor<double>.Zeros([2, 3])),
            second = new("s", Tensor<double>.Zeros([2, 3]));
        Optimizer<double> optimizer = Optimizer.For(rule, [cube, first, second]);
        cube.SetGradient(Tensor<double>.From(gradient, [2, 2, 3]));
        first.SetGradient(Tensor<double>.From(gradient.AsSpan(0, 6), [2, 3]));
        second.SetGradient(Tensor<double>.From(gradient.AsSpan(6), [2, 3]));
        optimizer.Step();
        Assert.That(cube.Value.ToArray(), Is.EqualTo(first.Value.ToArray().Concat(second.Value.ToArray())).AsCollection);
    }

    /// <summary>
    /// Catches: an accumulator that is not the largest of its slice, or a minimum over too few of them. Of a vector there is one slice for
    /// each element: Adagrad.
    /// </summary>
    [Test]
    public void Sm3IsAdagradForVectorsAndCoversEachElement()
    {
        Parameter<double> v = new("v", Tensor<double>.Zeros([5])), same = new("v", Tensor<double>.Zeros([5])),
            m = new("m", Tensor<double>.Zeros([3, 2]));
        Optimizer<double> sm3 = Optimizer.For(new Sm3 { Momentum = 0, Epsilon = 0 }, [v, m]),
            adagrad = Optimizer.For(new Adagrad { LearningRate = 0.1, Epsilon = 0 }, [same]);
        double[] squares = new double[6];
        for (int t = 1; t <= 4; t++)
        {
            double[] gradient = [.. Enumerable.Range(0, 6).Select(i => Math.Sin((t * 7) + i))];
            v.SetGradient(Tensor<double>.From(gradient.AsSpan(0, 5)));
            same.SetGradient(Tensor<double>.From(gradient.AsSpan(0, 5)));
            m.SetGradient(Tensor<double>.From(gradient, [3, 2]));
            sm3.Step();
            adagrad.Step();
            Assert.That(v.Value.ToArray(), Is.EqualTo(same.Value.ToArray()).Within(1e-15));
            IReadOnlyDictionary<string, Tensor<double>> state = sm3.SaveState().Parameters["m"].Arrays;
            for (int i = 0; i < 6; i++)
            {
                squares[i] += gradient[i] * gradient[i];
                Assert.That(Math.Min(state["accumulator_0"].Span[i / 2], state["accumulator_1"].Span[i % 2]),
                    Is.GreaterThanOrEqualTo(squares[i] * (1 - 1e-15)), "claim 2 of the paper");
            }
        }
    }

    /// <summary>Catches: curvature that is used before it is known, not clipped, or forgotten at another speed.</summary>
    [Test]
    public void SophiaIsTheSignWhereCurvatureIsSmallAndNewtonWhereItIsLarge()
    {
        Parameter<double> p = new("p", Tensor<double>.Zeros([2]));
        Optimizer<double> optimizer = Optimizer.For(
            new SophiaG { LearningRate = 0.1, Beta1 = 0.5, Beta2 = 0.75, Rho = 0.5, BatchSize = 8, WeightDecay = WeightDecay.None }, [p]);
        p.SetGradient(Tensor<double>.From(4, -6));
        optimizer.Step();
        Assert.That(p.Value.ToArray(), Is.EqualTo(new[] { -0.1, 0.1 }).Within(1e-16));
        p.SetGradient(Tensor<double>.From(4, 0.1));
        optimizer.UpdateCurvature();
        Assert.That(p.HasGradient, Is.False);
        p.SetGradient(Tensor<double>.From(4, -6));
        optimizer.Step(); // m = (3, −4.5), h = (4, 0.0025): 3/(4·4) and −4.5/(4·0.0025), which is cut to −1
        Assert.That(p.Value.ToArray(), Is.EqualTo(new[] { -0.1 - (0.1 * 3 / 16), 0.2 }).Within(1e-15));
    }

    /// <summary>
    /// Catches: coefficients mixed up, a product on the wrong side: five rounds bring all singular values from 0.01 up into [0.68, 1.14],
    /// twenty with (2, −1.5, 0.5) to 1.
    /// </summary>
    [Test]
    public void MuonsStepIsNearlyOrthogonal([Values(3, 6, 17)] int rows, [Values(2, 6, 20)] int columns)
    {
        int n = Math.Min(rows, columns);
        Matrix<double> u = Orthogonal(rows, 1), v = Orthogonal(columns, 2),
            g = u.SubMatrix(0, rows, 0,
            n) * Matrix<double>.Build.DenseOfDiagonalArray(
            [.. Enumerable.Range(0, n).Select(i => Math.Pow(10, -1.2 * i / n))]) * v.SubMatrix(0, columns, 0, n).Transpose();
        Muon muon = new() { LearningRate = 1, WeightDecay = WeightDecay.None, Scale = MuonScale.MatchRmsAdamW };
        Matrix<double> step = Step(muon, g) / (0.2 * Math.Sqrt(Math.Max(rows, columns)));
        Assert.That(step.Svd().S, Is.All.InRange(0.68, 1.14));
        Assert.That(
            (Step(muon with { NewtonSchulzCoefficients = (2, -1.5, 0.5), NewtonSchulzSteps = 20 },
                g) / (0.2 * Math.Sqrt(Math.Max(rows, columns))) - (
                u.SubMatrix(0, rows, 0, n) * v.SubMatrix(0, columns, 0, n).Transpose())).InfinityNorm(), Is.LessThan(1e-10));
    }

    /// <summary>Catches: rows and columns exchanged in the scale.</summary>
    [TestCase(MuonScale.Original, 8, 2, 2)]
    [TestCase(MuonScale.Original, 2, 8, 1)]
    [TestCase(MuonScale.Transposed, 8, 2, 1)]
    [TestCase(MuonScale.Transposed, 2, 8, 2)]
    [TestCase(MuonScale.MatchRmsAdamW, 4, 9, 0.6)]
    public void MuonsStepIsScaledByTheShape(MuonScale scale, int rows, int columns, double factor)
    {
        Matrix<double> g = Matrix<double>.Build.Dense(rows, columns, (i, j) => Math.Sin((3 * i) + j) + (i == j ? 2 : 0));
        Muon rule = new()
        {
            LearningRate = 1, WeightDecay = WeightDecay.None, NewtonSchulzCoefficients = (2, -1.5, 0.5),
            NewtonSchulzSteps = 40
        };
        Assert.That(Step(rule with { Scale = scale }, g).Svd().S, Is.All.EqualTo(factor).Within(1e-9));
    }

    /// <summary>Catches: another root than the fourth, statistics of the wrong side: the first step of G = USVᵀ is UVᵀ.</summary>
    [Test]
    public void ShampoosFirstStepIsOrthogonal()
    {
        Matrix<double> g = Matrix<double>.Build.Dense(4, 4, (i, j) => Math.Sin((3 * i) + j) + (i == j ? 2 : 0));
        Assert.That((Step(new Shampoo { LearningRate = 1, Epsilon = 1e-14 }, g) - (g.Svd().U * g.Svd().VT)).InfinityNorm(),
            Is.LessThan(1e-10));
    }

    private static IEnumerable<TestCaseData> Equivariant()
    {
        yield return new TestCaseData(TensorCase.Of(new Muon { LearningRate = 0.1 })).SetArgDisplayNames("Muon");
        yield return new TestCaseData(
            TensorCase.Of(new Shampoo { LearningRate = 0.1, Epsilon = 1e-3, UpdateInterval = 2 })).SetArgDisplayNames("Shampoo");
        yield return new TestCaseData(TensorCase.Of(new Soap { LearningRate = 0.1, UpdateInterval = 2 })).SetArgDisplayNames("Soap");
    }

    /// <summary>
    /// Catches: anything that looks at single elements where only the matrix counts, a basis that is not orthogonal, a factor on the wrong
    /// side: turning rows and columns turns the trajectory.
    /// </summary>
    [TestCaseSource(nameof(Equivariant))]
    public void TurningTheMatrixTurnsTheTrajectory(TensorCase rule)
    {
        Matrix<double> left = Orthogonal(4, 3), right = Orthogonal(4, 4),
            start = Matrix<double>.Build.Dense(4, 4, (i, j) => Math.Cos((2 * i) + (5 * j)));
        Matrix<double>[] ends = new Matrix<double>[2];
        for (int turned = 0; turned < 2; turned++)
        {
            Parameter<double> p = new("p", From(turned == 0 ? start : left * start * right));
            Optimizer<double> optimizer = new();
            rule.AddTo(optimizer, [p]);
            for (int t = 1; t <= 7; t++)
            {
                Matrix<double> g = Matrix<double>.Build.Dense(4, 4, (i, j) => Math.Sin((3 * i) + (7 * j) + (t * t)) + (i == j ? 1 : 0));
                p.SetGradient(From(turned == 0 ? g : left * g * right));
                optimizer.Step();
            }
            ends[turned] = Matrix<double>.Build.DenseOfRowMajor(4, 4, p.Value.ToArray());
        }
        Assert.That((ends[1] - (left * ends[0] * right)).InfinityNorm(), Is.LessThan(1e-8));
        Assert.That((ends[0] - start).InfinityNorm(), Is.GreaterThan(0.1));
    }

    /// <summary>
    /// Catches: an estimate that falls, that never grows, or that outgrows the distance it is to find: from 0 to 5 on |x − 5|, with d₀ a
    /// million times too small.
    /// </summary>
    [Test]
    public void ProdigyFindsTheDistance()
    {
        Parameter<double> p = new("p", Tensor<double>.Zeros([1]));
        Optimizer<double> optimizer = new();
        Group<Prodigy, double> group = optimizer.AddGroup(new Prodigy(), [p]);
        double before = 0;
        for (int t = 0; t < 400; t++)
        {
            p.SetGradient(Tensor<double>.From(Math.Sign(p.Value.Item - 5)));
            optimizer.Step();
            Assert.That(group.Distance, Is.InRange(before, 5));
            before = group.Distance;
        }
        Assert.That(group.Distance, Is.GreaterThan(0.05));
        Assert.That(p.Value.Item, Is.EqualTo(5).Within(1));
    }

    private static Parameter<double>[] Matrix(double[] values) => [new("p", Tensor<double>.From(values, [2, 2]))];

    private static double[] Moved(Optimizer<double> optimizer, double[] gradient)
    {
        Parameter<double> p = optimizer.Groups[0].Parameters.Single();
        double[] before = p.Value.ToArray();
        p.SetGradient(Tensor<double>.From(gradient, p.Shape));
        optimizer.Step();
        return [.. before.Zip(p.Value.ToArray(), (b, a) => b - a)];
    }

    private static Matrix<double> Step<TRule>(TRule rule, Matrix<double> gradient) where TRule : struct, ITensorRule
    {
        Parameter<double> p = new("p", Tensor<double>.Zeros([gradient.RowCount, gradient.ColumnCount]));
        Optimizer<double> optimizer = Optimizer.For(rule, [p]);
        p.SetGradient(From(gradient));
        optimizer.Step();
        return -Matrix<double>.Build.DenseOfRowMajor(gradient.RowCount, gradient.ColumnCount, p.Value.ToArray());
    }

    private static Tensor<double> From(Matrix<double> matrix) =>
        Tensor<double>.From(matrix.ToRowMajorArray(), [matrix.RowCount, matrix.ColumnCount]);

    private static Matrix<double> Orthogonal(int n, int seed)
    {
        Random random = new(seed);
        return Matrix<double>.Build.Dense(n, n, (_, _) => random.NextDouble() - 0.5).QR().Q;
    }
}
