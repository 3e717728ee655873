using System.Numerics;

namespace Engine;

/// <summary>
/// Recomputes the running statistics of batch normalization for the weights that a module has now, such as averaged ones (PyTorch's
/// update_bn).
/// </summary>
public static class BatchNormStatistics
{
    extension<T>(Layer<T> layer) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>
        /// Replaces the running statistics of every <see cref="BatchNorm{T}"/> in the layer by their means over these batches, whatever
        /// its momentum.
        /// </summary>
        /// <param name="batches">The inputs, at least one batch if there is such a layer.</param>
        /// <exception cref="ArgumentException">
        /// There are no batches, or a layer refuses one; all statistics are as they were.
        /// </exception>
        public void RecomputeStatistics(IEnumerable<Tensor<T>> batches) =>
            layer.RecomputeStatistics(batches, batch => layer.Forward(batch));
    }

    extension<T>(Module<T> module) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>The same for batches of any type, such as ones with several inputs.</summary>
        /// <param name="batches">The batches, at least one if there is such a layer.</param>
        /// <param name="forward">Runs the forward pass of a batch; its results are dropped.</param>
        /// <exception cref="ArgumentException">
        /// There are no batches, or a layer refuses one; all statistics are as they were.
        /// </exception>
        /// <remarks>
        /// Batch normalization alone is in training mode meanwhile: unlike in PyTorch, dropout passes its input through, as in the
        /// evaluation that the statistics are for, and counters of other layers stay. Each module is then in the mode in which it was. If
        /// anything throws, statistics and modes are as before. Every batch counts the same, whatever its size.
        /// </remarks>
        public void RecomputeStatistics<TBatch>(IEnumerable<TBatch> batches, Action<TBatch> forward)
        {
            ArgumentNullException.ThrowIfNull(module);
            ArgumentNullException.ThrowIfNull(batches);
            ArgumentNullException.ThrowIfNull(forward);
            using ModuleModes<T> modes = new(module);
            BatchNorm<T>[] layers = [.. modes.Modules.OfType<BatchNorm<T>>()];
            if (layers.Length == 0)
            {
                return;
            }
            ModuleState<T> before = new();
            before.Save(module);
            try
            {
                module.Training = false;
                foreach (BatchNorm<T> layer in layers)
                {
                    layer.Training = true;
                    layer.AveragesAllBatches = true;
                    layer.ResetStatistics();
                }
                Observe(new Tape<T>(), batches, forward);
            }
            catch
            {
                before.Restore();
                throw;
            }
            finally
            {
                foreach (BatchNorm<T> layer in layers)
                {
                    layer.AveragesAllBatches = false;
                }
            }
        }
    }

    private static void Observe<T, TBatch>(Tape<T> tape, IEnumerable<TBatch> batches, Action<TBatch> forward)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        bool any = false;
        foreach (TBatch batch in batches)
        {
            any = true;
            using (tape.Evaluate()) // results are in the tape's memory, which the next batch uses again
            {
                forward(batch);
            }
        }
        if (!any)
        {
            throw new ArgumentException("RecomputeStatistics: got no batches, expected at least one.", nameof(batches));
        }
    }
}
