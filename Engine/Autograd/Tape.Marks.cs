using System.Runtime.InteropServices;

namespace Engine;

public sealed partial class Tape<T>
{
    /// <summary>Marks the end of this thread's recording so far, for a call that fails to roll back to.</summary>
    internal static Mark SetMark() => Scope is { Records: true } scope ? new Mark(scope.Tape) : default;

    /// <summary>A place in a recording; the default value if nothing is recorded.</summary>
    internal readonly struct Mark
    {
        private readonly Tape<T>? _tape;
        private readonly long _number;
        private readonly int _nodes, _reads, _inputs, _indices;

        public Mark(Tape<T> tape)
        {
            (_tape, _number) = (tape, tape._number);
            (_nodes, _reads, _inputs, _indices) = (tape._count, tape._reads.Count, tape._inputs.Count, tape._indices.Count);
        }

        /// <summary>Forgets what has been recorded since, unless the recording has ended. The results of it expire.</summary>
        public void RollBack()
        {
            if (_tape is not { } tape || tape._number != _number || !tape.IsRecordingHere)
            {
                return;
            }
            for (int i = tape._count - 1; i >= _nodes; i--)
            {
                tape.Forget(i);
            }
            Array.Clear(tape._nodes, _nodes, tape._count - _nodes);
            tape._count = _nodes;
            CollectionsMarshal.SetCount(tape._reads, _reads);
            CollectionsMarshal.SetCount(tape._inputs, _inputs);
            CollectionsMarshal.SetCount(tape._indices, _indices);
        }
    }

    /// <summary>Makes the result of the last node that of nobody, or again of the node before, if that has computed it.</summary>
    private void Forget(int last)
    {
        Buffer<T> buffer = _nodes[last].Output.Buffer;
        if (last > 0 && _nodes[last - 1].Output.Buffer == buffer)
        {
            buffer.Node = last - 1;
            return;
        }
        buffer.Node = Buffer<T>.NoNode;
        buffer.Expire();
    }
}
