using System.Numerics;

namespace Engine.Tests;

/// <summary>Embeddings, dense and sparse.</summary>
internal sealed class EmbeddingTests
{
    private static readonly RandomKey s_key = RandomKey.FromSeed(5);

    /// <summary>Rows that are mixed up, a shape without the indices' axes, a gradient that overwrites an index used twice.</summary>
    [Test]
    public void Dense_embedding_is_a_product_with_one_hot_rows()
    {
        Embedding<double> layer = new(5, 3, s_key);
        Tape<double> tape = new();
        int[] indices = [1, 4, 1, 0];
        Tensor<double> g = Tensor<double>.From(Samples.Uniform<double>(12, 9), [2, 2, 3]);
        using (tape.Record())
        {
            tape.Backward(layer.Forward(indices, 2, 2), g);
        }
        double[] gradient = layer.Weight.Gradient.ToArray();
        layer.Weight.ClearGradient();
        using (tape.Record())
        {
            Tensor<double> y = Tensor<double>.OneHot(indices, 5).MatMul(layer.Weight.Value).Reshape(2, 2, 3);
            SameBits.Check<double>(layer.Forward(Tensor<double>.From([1, 4, 1, 0], [2, 2])).Span, y.Span, "vectors");
            tape.Backward(y, g);
        }
        SameBits.Check<double>(gradient, layer.Weight.Gradient.Span, "gradient");
    }

    /// <summary>Rows or gradients that do not fit each other, a gradient that is kept after a step, a dense gradient.</summary>
    [Test]
    public void Sparse_steps_are_those_of_the_dense_gradient()
    {
        Embedding<double> dense = new(5, 3, s_key);
        SparseEmbedding<double> sparse = new(5, 3, s_key);
        Optimizer<double> denseOptimizer = Optimizer.For(new Sgd { LearningRate = 0.5 }, [dense.Weight]),
            sparseOptimizer = Optimizer.For(new Sgd { LearningRate = 0.5 }, [sparse.Weight]);
        Tape<double> tape = new();
        for (int step = 0; step < 3; step++)
        {
            int[] indices = [1, 4, 1, step];
            using (tape.Record())
            {
                tape.Backward(dense.Forward(indices).Square().Sum());
            }
            denseOptimizer.Step();
            using (tape.Record())
            {
                tape.Backward(sparse.Forward(indices).Square().Sum());
            }
            Assert.That(sparse.Weight.HasGradient, Is.False);
            Assert.That(sparse.Rows.ToArray(), Is.EqualTo(indices));
            sparse.StepRows(sparseOptimizer);
            Assert.That(sparse.Rows.ToArray(), Is.Empty);
            Assert.That(sparse.Weight.Value.ToArray(), Is.EqualTo(dense.Weight.Value.ToArray()).Within(1e-15));
            denseOptimizer.ClearGradients();
        }
        sparse.StepRows(sparseOptimizer); // nothing to do
        Assert.That(sparse.Weight.Value.ToArray(), Is.EqualTo(dense.Weight.Value.ToArray()).Within(1e-15));
    }

    [Test]
    public void A_warm_sparse_step_allocates_nothing()
    {
        SparseEmbedding<float> layer = new(1000, 8, s_key);
        Optimizer<float> optimizer = Optimizer.For(new Adagrad(), [layer.Weight]);
        Tape<float> tape = new();
        int[] indices = [.. Enumerable.Range(0, 64).Select(static i => i * i % 1000)];
        Warm.AllocatesNothing(
            () =>
            {
                using (tape.Record())
                {
                    tape.Backward(layer.Forward(indices).Square().Sum());
                }
                layer.StepRows(optimizer);
            },
            steps: 5);
    }

    /// <summary>Catches: a scalar index taken for a list of one.</summary>
    [Test]
    public void The_shape_of_the_indices_comes_first()
    {
        Tensor<double> one = Tensor<double>.From([3], []);
        Assert.That(new Embedding<double>(5, 3, s_key).Forward(one).Shape, Is.EqualTo(new Shape(3)));
        Assert.That(new SparseEmbedding<double>(5, 3, s_key).Forward(one).Shape, Is.EqualTo(new Shape(3)));
    }

    /// <summary>Catches: rows of a backward pass that threw, which the next step would use.</summary>
    [Test]
    public void A_backward_pass_that_throws_leaves_no_rows()
    {
        SparseEmbedding<double> layer = new(5, 3, s_key);
        Parameter<double> root = new("root", Tensor<double>.Zeros([1]));
        Tape<double> tape = new() { DetectsNonFinite = true };
        using (tape.Record())
        {
            tape.Backward(layer.Forward([1, 2]).Sum());
        }
        using (tape.Record())
        {
            // √x has the derivative ∞ at 0; the rows are reached first
            Tensor<double> y = root.Value.Sqrt() + layer.Forward([3]).Sum();
            Assert.That(() => tape.Backward(y.Sum()), Throws.InstanceOf<NonFiniteValueException>());
        }
        Assert.That(layer.Rows.ToArray(), Is.EqualTo((int[])[1, 2]));
    }

    /// <summary>Catches: a trainer that leaves the rows to nobody, so that the table is never trained and the rows pile up.</summary>
    [Test]
    public void A_trainer_trains_a_sparse_table_as_a_dense_one()
    {
        Sequential<double> dense = new(new Embedding<double>(5, 3, s_key), new Linear<double>(3, 1, s_key)),
            sparse = new(new SparseEmbedding<double>(5, 3, s_key), new Linear<double>(3, 1, s_key));
        Fit(dense);
        Fit(sparse);
        Assert.That(sparse[0].Parameters[0].Value.ToArray(), Is.EqualTo(dense[0].Parameters[0].Value.ToArray()).Within(1e-14));
        Assert.That(((SparseEmbedding<double>)sparse[0]).Rows.ToArray(), Is.Empty);
        Optimizer<double> optimizer = Optimizer.For(new Sgd(), sparse.Parameters);
        Assert.That(
            () => TrainerOf(sparse, optimizer, new GradientAccumulation<double>(optimizer, 2)).Fit(Words.All, TrainingLength.Epochs(1)),
            Throws.InvalidOperationException.With.Message.Contains("SparseEmbedding(5 × 3)"));

        static void Fit(Sequential<double> model) => TrainerOf(
            model, Optimizer.For(new Sgd { LearningRate = 0.1 }, model.Parameters), null).Fit(Words.All, TrainingLength.Epochs(3));

        static Trainer<double, Words> TrainerOf(
            Sequential<double> model, Optimizer<double> optimizer, GradientAccumulation<double>? accumulation) => new(
                model, optimizer, batch => model.Forward(batch.Indices), static (output, _) => output.Square().Mean())
            {
                Accumulation = accumulation,
            };
    }

    private sealed record Words(Tensor<double> Indices) : IBatch
    {
        public static IReadOnlyList<Words> All => [new(Tensor<double>.From(1, 4, 1)), new(Tensor<double>.From(0, 4))];

        public int Count => Indices.Length;
    }

    [Test]
    public void Wrong_indices_are_refused()
    {
        Embedding<double> layer = new(5, 3, s_key);
        SparseEmbedding<double> sparse = new(5, 3, s_key);
        Assert.That(() => layer.Forward([1, 5]), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains(
            "Embedding: got index 5 at position 1"));
        Assert.That(() => sparse.Forward([-1]), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains(
            "SparseEmbedding: got index -1"));
        Assert.That(() => layer.Forward(Tensor<double>.From(1.5)),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("1.5"));
        Assert.That(() => layer.Forward(Tensor<double>.From(double.NaN)), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => layer.Forward([1, 2], 3), Throws.ArgumentException.With.Message.Contains("2 indices for the shape [3]"));
    }
}
