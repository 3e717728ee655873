using System.Numerics;

namespace Engine;

/// <summary>
/// All that a training run needs to go on bit for bit, in one file: whatever was added, under the name that it was given. Resuming may
/// happen on another machine, with another number of threads or another instruction set.
/// </summary>
/// <remarks>
/// <code>
/// var checkpoint = new Checkpoint&lt;float&gt;();
/// checkpoint.Add("model", model);
/// checkpoint.Add("optimizer", optimizer);
/// checkpoint.Add("batches", batches);
/// checkpoint.Save("run.safetensors");   // … and in another process, after the same lines:
/// checkpoint.Load("run.safetensors");
/// </code>
/// Schedules are functions of the update count and need no saving: the optimizer's state has their formulas, and loading into other ones
/// is refused.
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Checkpoint<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly List<CheckpointPart> _parts = [];

    /// <summary>The names of what was added.</summary>
    public IEnumerable<string> Names => _parts.Select(static part => part.Name);

    /// <summary>Adds a model: its parameters, buffers and counters.</summary>
    /// <exception cref="ArgumentException">The name is empty, taken, has a slash, or is <c>checksum</c>.</exception>
    public void Add(string name, Module<T> model)
    {
        ArgumentNullException.ThrowIfNull(model);
        Add(name, () => ModelState<T>.Of(model), Load, StateCodecs.Write, StateCodecs.ReadModel<T>);

        void Load(ModelState<T> state)
        {
            state.CheckFits(model);
            state.ApplyTo(model);
        }
    }

    /// <summary>Adds an optimizer: its state by parameter name, its step count and its plateaus.</summary>
    /// <exception cref="ArgumentException">The name is empty, taken, has a slash, or is <c>checksum</c>.</exception>
    public void Add(string name, Optimizer<T> optimizer)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        Add(name, optimizer.SaveState, state => optimizer.LoadState(state), StateCodecs.Write, StateCodecs.ReadOptimizer<T>);
    }

    /// <summary>Adds a wrapper, with the optimizer inside.</summary>
    /// <exception cref="ArgumentException">The name is empty, taken, has a slash, or is <c>checksum</c>.</exception>
    public void Add(string name, Lookahead<T> lookahead)
    {
        ArgumentNullException.ThrowIfNull(lookahead);
        Add(name, lookahead.SaveState, state => lookahead.LoadState(state), StateCodecs.Write, StateCodecs.ReadLookahead<T>);
    }

    /// <summary>Adds a wrapper, which has no state beside that of the optimizer inside.</summary>
    /// <exception cref="ArgumentException">The name is empty, taken, has a slash, or is <c>checksum</c>.</exception>
    public void Add(string name, SharpnessAware<T> wrapper)
    {
        ArgumentNullException.ThrowIfNull(wrapper);
        Add(name, wrapper.Inner);
    }

    /// <summary>Adds an L-BFGS optimizer.</summary>
    /// <exception cref="ArgumentException">The name is empty, taken, has a slash, or is <c>checksum</c>.</exception>
    public void Add(string name, Lbfgs<T> lbfgs)
    {
        ArgumentNullException.ThrowIfNull(lbfgs);
        Add(name, lbfgs.SaveState, lbfgs.LoadState, StateCodecs.Write, StateCodecs.ReadLbfgs<T>);
    }

    /// <summary>Adds an average of weights.</summary>
    /// <exception cref="ArgumentException">The name is empty, taken, has a slash, or is <c>checksum</c>.</exception>
    public void Add(string name, WeightAverage<T> average)
    {
        ArgumentNullException.ThrowIfNull(average);
        Add(name, average.SaveState, average.LoadState, StateCodecs.Write, StateCodecs.ReadAverage<T>);
    }

    /// <summary>Adds early stopping, with the best weights.</summary>
    /// <exception cref="ArgumentException">The name is empty, taken, has a slash, or is <c>checksum</c>.</exception>
    public void Add(string name, EarlyStopping<T> stopping)
    {
        ArgumentNullException.ThrowIfNull(stopping);
        Add(name, stopping.SaveState, stopping.LoadState, StateCodecs.Write, StateCodecs.ReadEarlyStopping<T>);
    }

    /// <summary>Adds the gradients that wait for their update.</summary>
    /// <exception cref="ArgumentException">The name is empty, taken, has a slash, or is <c>checksum</c>.</exception>
    public void Add(string name, GradientAccumulation<T> accumulation)
    {
        ArgumentNullException.ThrowIfNull(accumulation);
        Add(name, accumulation.SaveState, accumulation.LoadState, StateCodecs.Write, StateCodecs.ReadAccumulation<T>);
    }

    /// <summary>Adds the position in the training data.</summary>
    /// <exception cref="ArgumentException">The name is empty, taken, has a slash, or is <c>checksum</c>.</exception>
    public void Add(string name, Batches<T> batches)
    {
        ArgumentNullException.ThrowIfNull(batches);
        Add(
            name, () => batches.Position, position => batches.Position = position, StateCodecs.Write, StateCodecs.ReadPosition);
    }

    /// <summary>Adds a plateau that no optimizer saves: one that no hyperparameter follows.</summary>
    /// <exception cref="ArgumentException">The name is empty, taken, has a slash, or is <c>checksum</c>.</exception>
    public void Add(string name, ReduceOnPlateau plateau)
    {
        ArgumentNullException.ThrowIfNull(plateau);
        Add(name, () => plateau.State, state => plateau.State = state, StateCodecs.Write, StateCodecs.ReadPlateau);
    }

    /// <summary>Adds a random key that changes during a run.</summary>
    /// <param name="name">The name.</param>
    /// <param name="save">The present key.</param>
    /// <param name="load">Puts a key into place; if it throws, it has changed nothing.</param>
    /// <exception cref="ArgumentException">The name is empty, taken, has a slash, or is <c>checksum</c>.</exception>
    public void Add(string name, Func<RandomKey> save, Action<RandomKey> load)
    {
        ArgumentNullException.ThrowIfNull(save);
        ArgumentNullException.ThrowIfNull(load);
        Add(name, save, load, StateCodecs.Write, StateCodecs.ReadKey);
    }

    /// <summary>Adds something of your own, as a text: a seed, an epoch, options.</summary>
    /// <param name="name">The name.</param>
    /// <param name="save">The text of the present state.</param>
    /// <param name="load">Puts the state of a text into place; if it throws, it has changed nothing.</param>
    /// <exception cref="ArgumentException">The name is empty, taken, has a slash, or is <c>checksum</c>.</exception>
    public void Add(string name, Func<string> save, Action<string> load)
    {
        ArgumentNullException.ThrowIfNull(save);
        ArgumentNullException.ThrowIfNull(load);
        Add(name, save, load, StateCodecs.Write, StateCodecs.ReadText);
    }

    /// <summary>
    /// Writes a file, whole or not at all: under another name in the same directory, flushed to disk, and then in the place of the old one.
    /// </summary>
    /// <param name="path">The path of the file.</param>
    /// <exception cref="InvalidOperationException">Nothing was added, or a part cannot save its state now.</exception>
    /// <exception cref="IOException">The file cannot be written; an old one is left as it was.</exception>
    /// <exception cref="UnauthorizedAccessException">Access to the path is denied.</exception>
    public void Save(string path)
    {
        CheckParts(nameof(Save));
        CheckpointFile.Write(path, _parts);
    }

    /// <summary>Reads a file, and puts all that was added into the state of it. If it throws, nothing has changed.</summary>
    /// <param name="path">The path of the file.</param>
    /// <exception cref="InvalidOperationException">Nothing was added, or a part cannot load a state now.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Access to the path is denied.</exception>
    /// <exception cref="MalformedFileException">The file is malformed or damaged, or has no part of one of the names.</exception>
    /// <exception cref="ArgumentException">A part of the file does not fit what was added; the message lists the differences.</exception>
    public void Load(string path)
    {
        CheckParts(nameof(Load));
        using SafetensorsFile file = CheckpointFile.Open(path);
        Action[] changes = [.. _parts.Select(part => part.Read(new CheckpointReader(file, part.Name)))];
        Action[] undo = [.. _parts.Select(static part => part.Keep())];
        int done = 0;
        try
        {
            for (; done < changes.Length; done++)
            {
                changes[done]();
            }
        }
        catch
        {
            for (int i = done - 1; i >= 0; i--)
            {
                undo[i]();
            }
            throw;
        }
    }

    /// <summary>Adds a number.</summary>
    internal void Add(string name, Func<double> save, Action<double> load) =>
        Add(name, save, load, StateCodecs.Write, StateCodecs.ReadNumber);

    private void Add<TState>(
        string name,
        Func<TState> save,
        Action<TState> load,
        Action<CheckpointWriter, TState> write,
        Func<CheckpointReader, TState> read)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name == CheckpointFile.ChecksumName || name.Contains('/') || _parts.Exists(part => part.Name == name))
        {
            throw new ArgumentException(
                $"Checkpoint: got the name '{name}', expected one without '/' that is neither taken nor '{CheckpointFile.ChecksumName}'.",
                nameof(name));
        }
        _parts.Add(new CheckpointPart<TState>(name, save, load, write, read));
    }

    private void CheckParts(string operation)
    {
        if (_parts.Count == 0)
        {
            throw new InvalidOperationException($"{operation}: got a checkpoint to which nothing was added, expected at least a model.");
        }
    }
}
