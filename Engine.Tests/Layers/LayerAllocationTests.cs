using System.Numerics;

namespace Engine.Tests;

/// <summary>A warm training step of layers and losses allocates nothing.</summary>
[TestFixture(typeof(float))]
[TestFixture(typeof(double))]
[Category("Slow")]
internal sealed class LayerAllocationTests<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>
    /// An array, a closure, a boxed number, an enumerator, scratch outside the tape. The larger batch runs on the threads.
    /// </summary>
    [Test]
    public void Warm_step([Values(8, 700)] int batch)
    {
        RandomKey key = RandomKey.FromSeed(1);
        Sequential<T> model = new(
            new Linear<T>(64, 64, key.Fold(0)), new BatchNorm<T>(64), new Relu<T>(), new LayerNorm<T>([64]),
            new Tanh<T>(), new Dropout<T>(0.2, key.Fold(1)),
            new LayerNorm<T>([64], affine: false), new BatchNorm<T>(64, momentum: null, affine: false), new Sigmoid<T>(),
            new Linear<T>(64, 10, key.Fold(2), bias: false));
        BatchNorm<T> planes = new(4), evaluated = new(4) { Training = false };
        Tensor<T> x = LayerLawsTests<T>.Normal([batch, 64], 0, 1), weights = Tensor<T>.Full([10], T.One),
            target = Tensor<T>.Zeros([batch, 10]);
        int[] classes = new int[batch];
        Tape<T> tape = new();
        Warm.AllocatesNothing(Step, steps: 3);

        void Step()
        {
            for (int i = 0; i < model.Parameters.Count; i++)
            {
                model.Parameters[i].ClearGradient();
            }
            using (tape.Record())
            {
                Tensor<T> y = model.Forward(evaluated.Forward(planes.Forward(x.Reshape(batch, 4, 16))).Reshape(batch, 64));
                Tensor<T> loss = y.CrossEntropy(classes) + y.CrossEntropy(
                    classes, LossReduction.None, weights, ignoreClass: 3, labelSmoothing: 0.1).Sum();
                loss += y.MeanSquaredError(target) + Penalty.L1(model.Parameters, 0.1) + Penalty.L2(model.Parameters, 0.1);
                tape.Backward(loss);
            }
        }
    }
}
